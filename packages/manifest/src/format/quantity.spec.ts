import { compareQuantities } from "./quantity.ts";

describe("comparing quantities", () => {
  it("does so across units", () => {
    expect(compareQuantities("1000m", 1)).toBe(0);
    expect(compareQuantities("1Gi", "1G")).toBeGreaterThan(0);
    expect(compareQuantities("64Ki", "64Mi")).toBeLessThan(0);
  });

  it("says nothing about what is no quantity", () => {
    expect(compareQuantities("1", "x")).toBeUndefined();
  });
});
