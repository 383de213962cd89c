import fc from "fast-check";
import { escapeToken, partsOf, subjectOf, unescapeToken } from "./subject.ts";

describe("any text as a token", () => {
  it("comes back as it went in, and holds nothing that NATS reads", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const token = escapeToken(text);
        expect(token).toMatch(/^[A-Za-z0-9_%-]+$/);
        expect(unescapeToken(token)).toBe(text);
      }),
    );
  });

  it("is told apart from every other text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (one, other) => {
        expect(escapeToken(one) === escapeToken(other)).toBe(one === other);
      }),
    );
  });

  it("survives in any number beside each other", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme" }), { minLength: 1, maxLength: 6 }), (parts) => {
        expect(partsOf("slipway.x", parts.length, subjectOf("slipway.x", parts))).toEqual(parts);
      }),
    );
  });
});
