import { checkLabels, parseImageMetadata } from "./image-metadata.ts";

describe("the labels that assemble writes", () => {
  it("joins the list", () => {
    expect(parseImageMetadata('{"labels":[{"a":"1"},{"b":"2","c":"3"},{"d":4},null]}')).toEqual({
      a: "1",
      b: "2",
      c: "3",
    });
  });

  it("finds none where there are none", () => {
    expect(parseImageMetadata("{}")).toEqual({});
    expect(parseImageMetadata("[]")).toEqual({});
    expect(parseImageMetadata("null")).toEqual({});
  });

  it("refuses what is not JSON, and labels that are too large", () => {
    expect(() => parseImageMetadata("{")).toThrow("not JSON");
    expect(() => checkLabels({ a: "x".repeat(10_240) })).toThrow("10241 bytes");
    expect(checkLabels({ a: "b" })).toEqual({ a: "b" });
  });
});
