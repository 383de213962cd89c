import { age } from "./age.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("an age", () => {
  it.each([
    [0, "0s"],
    [119 * SECOND, "119s"],
    [3 * MINUTE + 20 * SECOND, "3m20s"],
    [5 * MINUTE, "5m"],
    [59 * MINUTE + 30 * SECOND, "59m"],
    [3 * HOUR + 5 * MINUTE, "3h5m"],
    [9 * HOUR + 30 * MINUTE, "9h"],
    [4 * DAY + 3 * HOUR, "4d3h"],
    [30 * DAY + 3 * HOUR, "30d"],
    [-5 * SECOND, "0s"],
  ])("of %d ms is %s", (ms, text) => expect(age(new Date(0).toISOString(), ms)).toBe(text));

  it("of what has no date is unknown", () => {
    expect(age(undefined, 0)).toBe("<unknown>");
    expect(age("soon", 0)).toBe("<unknown>");
  });
});
