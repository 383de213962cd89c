import type { Decider } from "@slipway/kernel";
import { COMMANDS, garbageEvent, STREAM_KINDS, unlessRefused } from "@slipway/testkit";
import fc from "fast-check";
import { DECIDERS, type StreamKind } from "./deciders.ts";
import type { DomainEvent } from "./event.ts";

type AnyDecider = Decider<unknown, { readonly type: string }, DomainEvent>;

const deciderOf = (kind: StreamKind): AnyDecider => DECIDERS[kind] as unknown as AnyDecider;

/** The state after commands of which refused ones leave nothing. */
const after = ({ initial, decide, evolve }: AnyDecider, commands: readonly { readonly type: string }[]): unknown =>
  commands.reduce((state, command) => unlessRefused(() => decide(command, state)).reduce(evolve, state), initial);

describe.each(STREAM_KINDS)("%s", (kind) => {
  const decider = deciderOf(kind);
  const { decide, evolve, initial } = decider;
  const command = COMMANDS[kind] as fc.Arbitrary<{ readonly type: string }>;

  it("has nothing left to decide when a command that was carried out comes again", () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 12 }), command, (before, wish) => {
        const state = after(decider, before);
        const events = unlessRefused(() => decide(wish, state));
        if (events.length > 0) expect(decide(wish, events.reduce(evolve, state))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it("stores only events that change the state", () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 12 }), command, (before, wish) => {
        const state = after(decider, before);
        for (const event of unlessRefused(() => decide(wish, state)).slice(0, 1)) {
          expect(evolve(state, event)).not.toEqual(state);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("folds any events whatever without throwing", () => {
    fc.assert(
      fc.property(fc.array(garbageEvent, { maxLength: 20 }), fc.array(command, { maxLength: 6 }), (garbage, before) => {
        const state = garbage.reduce(evolve, after(decider, before));
        expect(["live", "absent"]).toContain((state as { status: string }).status);
        garbage.reduce(evolve, initial);
      }),
      { numRuns: 500 },
    );
  });

  it("never changes the state that it is given", () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 8 }), command, (before, wish) => {
        const state = after(decider, before);
        const copy = structuredClone(state);
        unlessRefused(() => decide(wish, state)).reduce(evolve, state);
        expect(state).toEqual(copy);
      }),
      { numRuns: 200 },
    );
  });
});
