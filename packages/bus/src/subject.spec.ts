import { isSlipwayError } from "@slipway/kernel";
import {
  escapeToken,
  eventFilter,
  eventSubject,
  partsOf,
  subjectMatches,
  subjectOf,
  unescapeToken,
} from "./subject.ts";

describe("tokens of a subject", () => {
  it("leave ordinary names as they are", () => {
    expect(escapeToken("web-1_a")).toBe("web-1_a");
  });

  it("escape what NATS reads as structure", () => {
    expect(escapeToken("web.example.org")).toBe("web%2Eexample%2Eorg");
    expect(escapeToken("a b*>%")).toBe("a%20b%2A%3E%25");
    expect(escapeToken("")).toBe("%");
  });

  it("refuse text that cannot be written in UTF-8", () => {
    expect(() => escapeToken("\ud800")).toThrow("surrogate");
  });

  it("refuse an escape that Slipway never writes", () => {
    let caught: unknown;
    try {
      unescapeToken("%ZZ");
    } catch (error) {
      caught = error;
    }
    expect(isSlipwayError(caught, "Malformed")).toBe(true);
  });
});

describe("subjects", () => {
  it("name an event by project, kind, name and type", () => {
    expect(eventSubject({ stream: "pod/demo/web.1", type: "PodCreated" })).toBe(
      "slipway.event.demo.pod.web%2E1.PodCreated",
    );
    expect(eventSubject({ stream: "node/_/n1", type: "NodeReady" })).toBe("slipway.event._.node.n1.NodeReady");
  });

  it("refuse an event whose stream is not a stream", () => {
    expect(() => eventSubject({ stream: "pod", type: "PodCreated" })).toThrow("<kind>/<project>/<name>");
  });

  it("select events by any of their parts", () => {
    const subject = eventSubject({ stream: "pod/demo/web", type: "PodCreated" });
    expect(subjectMatches(eventFilter(undefined, undefined, undefined), subject)).toBe(true);
    expect(subjectMatches(eventFilter("demo", "pod", "PodCreated"), subject)).toBe(true);
    expect(subjectMatches(eventFilter("other", undefined, undefined), subject)).toBe(false);
    expect(subjectMatches(eventFilter("", undefined, undefined), eventSubject({ stream: "node/_/n", type: "T" }))).toBe(
      true,
    );
  });

  it("give their parts back", () => {
    expect(partsOf("slipway.node", 3, subjectOf("slipway.node", ["n.1", "pod", "u"]))).toEqual(["n.1", "pod", "u"]);
    expect(partsOf("slipway.node", 2, "slipway.node.a.b.c")).toBeUndefined();
    expect(partsOf("slipway.node", 1, "slipway.nodes.a")).toBeUndefined();
  });

  it("match wildcards as NATS does", () => {
    expect(subjectMatches("a.*.c", "a.b.c")).toBe(true);
    expect(subjectMatches("a.>", "a")).toBe(false);
    expect(subjectMatches("a.>", "a.b.c")).toBe(true);
    expect(subjectMatches("a.b", "a.b.c")).toBe(false);
    expect(subjectMatches("a.b.c", "a.b")).toBe(false);
  });
});
