import { deterministicUuid, shortId } from "./ids.ts";
import { seededRandom } from "./random.ts";

describe("deterministicUuid", () => {
  it("is a well-formed UUID and the same for the same text", () => {
    const id = deterministicUuid("pod/demo/web|1");
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(deterministicUuid("pod/demo/web|1")).toBe(id);
  });

  it("differs over 20,000 neighbouring texts", () => {
    const seen = new Set<string>();
    for (let i = 0; i < 20_000; i++) seen.add(deterministicUuid(`pod/demo/web-${i}`));
    expect(seen.size).toBe(20_000);
  });
});

describe("shortId", () => {
  it("gives five characters that are safe in a name", () => {
    expect(shortId(seededRandom(1))).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  });
});
