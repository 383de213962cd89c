import { nearest } from "./nearest.ts";

describe("nearest", () => {
  const known = ["SLIPWAY_LOG_LEVEL", "SLIPWAY_NATS_URL", "SLIPWAY_HTTP_PORT"];

  it("finds the name that a slip of the finger came from", () => {
    expect(nearest("SLIPWAY_LOGLEVEL", known)).toBe("SLIPWAY_LOG_LEVEL");
    expect(nearest("SLIPWAY_NAST_URL", known)).toBe("SLIPWAY_NATS_URL");
  });

  it("finds nothing for a word that resembles none", () => {
    expect(nearest("PATH", known)).toBeUndefined();
    expect(nearest("SLIPWAY_LOG_LEVEL", [])).toBeUndefined();
  });
});
