import { parseDurationMs } from "./duration.ts";

describe("durations", () => {
  it.each([
    ["90s", 90_000],
    ["1h30m", 5_400_000],
    ["250ms", 250],
    ["1.5s", 1500],
    ["7d", 604_800_000],
    ["30", 30_000],
    ["1m30", undefined],
    ["", undefined],
    ["-5s", undefined],
    ["5 s", undefined],
    ["soon", undefined],
  ])("reads %j as %s milliseconds", (text, expected) => {
    expect(parseDurationMs(text)).toBe(expected);
  });
});
