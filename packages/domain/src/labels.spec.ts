import { matchesSelector, parseLabelSelector } from "./labels.ts";

describe("matchesSelector", () => {
  it("wants every pair of the selector and lets other labels be", () => {
    expect(matchesSelector({ app: "web", tier: "front" }, { app: "web" })).toBe(true);
    expect(matchesSelector({ app: "web" }, { app: "web", tier: "front" })).toBe(false);
  });

  it("chooses everything when it is empty", () => {
    expect(matchesSelector({}, {})).toBe(true);
  });
});

describe("parseLabelSelector", () => {
  const labels = { app: "web", tier: "front", "example.com/team": "a", empty: "" };

  it.each([
    ["", true],
    ["app=web", true],
    ["app == web", true],
    ["app=web,tier=front", true],
    ["app=web,tier=back", false],
    ["app!=db", true],
    ["missing!=x", true],
    ["app in (web, db)", true],
    ["app in (db)", false],
    ["missing in (x)", false],
    ["tier notin (back,middle)", true],
    ["missing notin (x)", true],
    ["tier notin (front)", false],
    ["app", true],
    ["missing", false],
    ["!missing", true],
    ["! app", false],
    ["empty=", true],
    ["example.com/team=a, app in (web,x),!legacy", true],
  ])("reads %j", (selector, chosen) => {
    expect(parseLabelSelector(selector)(labels)).toBe(chosen);
  });

  it("treats an object without labels as one with none", () => {
    expect(parseLabelSelector("!app")(undefined)).toBe(true);
  });

  it.each(["=x", "a=b=c", "a in x", "a in (b", "a in (b))", ",", "a,,b", "a b", "-a", "a=-b", "a in (x y)"])(
    "refuses %j and shows how to write it",
    (selector) => {
      expect(() => parseLabelSelector(selector)).toThrow(expect.objectContaining({ code: "Invalid" }));
    },
  );
});
