import { SlipwayError } from "@slipway/kernel";
import { manualClock } from "@slipway/testkit";
import { withRetries } from "./retry.ts";

const away = new SlipwayError("ServerUnavailable", "Away.");

const setUp = (answers: readonly (Error | string)[], deadlineMs?: number, signal?: AbortSignal) => {
  const clock = manualClock();
  const tries: number[] = [];
  const result = withRetries(
    async () => {
      tries.push(clock.now());
      const answer = answers[tries.length - 1] ?? answers.at(-1);
      if (answer instanceof Error) throw answer;
      return answer;
    },
    { clock, random: () => 0, signal, deadlineMs },
  );
  const outcome = result.then(
    (value) => value,
    (error: SlipwayError) => error.code,
  );
  return { clock, tries, outcome };
};

describe("withRetries", () => {
  it("tries again while the server or its log is away, with growing pauses", async () => {
    const { clock, tries, outcome } = setUp([away, new SlipwayError("LogUnavailable", "No log."), "here"]);
    await clock.advance(10_000);
    expect(await outcome).toBe("here");
    expect(tries).toEqual([0, 100, 300]);
  });

  it("gives up after four tries", async () => {
    const { clock, tries, outcome } = setUp([away]);
    await clock.advance(10_000);
    expect(await outcome).toBe("ServerUnavailable");
    expect(tries).toEqual([0, 100, 300, 700]);
  });

  it("does not repeat what would fail again", async () => {
    for (const code of ["Invalid", "DeadlineExceeded", "VersionConflict"] as const) {
      const { tries, outcome } = setUp([new SlipwayError(code, "No.")]);
      expect(await outcome).toBe(code);
      expect(tries).toHaveLength(1);
    }
  });

  it("does not start a pause that outlasts the call's deadline", async () => {
    const { clock, tries, outcome } = setUp([away], 250);
    await clock.advance(10_000);
    expect(await outcome).toBe("ServerUnavailable");
    expect(tries).toEqual([0, 100]);
  });

  it("waits as long as the server asks for", async () => {
    const { clock, tries } = setUp([new SlipwayError("ServerUnavailable", "Later.", { retryAfterMs: 1_000 }), "here"]);
    await clock.advance(10_000);
    expect(tries).toEqual([0, 1_000]);
  });

  it("leaves a pause when the call is cancelled", async () => {
    const controller = new AbortController();
    const { clock, tries } = setUp([away], undefined, controller.signal);
    await clock.advance(50);
    controller.abort();
    await clock.advance(10_000);
    expect(tries).toEqual([0]);
  });
});
