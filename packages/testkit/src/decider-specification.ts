import type { Decider, ErrorCode } from "@slipway/kernel";

/** What may be said of a decision. */
export interface Decision<Event> {
  /** Exactly these events, in this order. */
  then(events: readonly Event[]): void;
  /** The wish was already true. */
  thenNothingHappened(): void;
  /** A refusal with this code, and, when given, with this text in its message. */
  thenRefused(code: ErrorCode, message?: string | RegExp): void;
}

/** given events, when a command, then events or a refusal. */
export interface Specification<State, Command, Event> {
  given(events: readonly Event[]): {
    when(command: Command): Decision<Event>;
    /** The state that these events add up to. */
    thenState(state: State): void;
  };
  when(command: Command): Decision<Event>;
}

/** Tells a decider's rules as stories. Every story also checks that the same wish twice changes nothing more. */
export const DeciderSpecification = {
  for: <State, Command, Event>(decider: Decider<State, Command, Event>): Specification<State, Command, Event> => {
    const fold = (events: readonly Event[], from = decider.initial) => events.reduce(decider.evolve, from);
    const given = (past: readonly Event[]) => ({
      when: (command: Command) => decisionOf(decider, fold(past), command),
      thenState: (state: State) => expect(fold(past)).toEqual(state),
    });
    return { given, when: (command) => given([]).when(command) };
  },
};

const decisionOf = <State, Command, Event>(
  { decide, evolve }: Decider<State, Command, Event>,
  state: State,
  command: Command,
): Decision<Event> => {
  const decideTwice = (): readonly Event[] => {
    const events = decide(command, state);
    expect(decide(command, events.reduce(evolve, state))).toEqual([]);
    return events;
  };
  return {
    // biome-ignore lint/suspicious/noThenProperty: nobody awaits a decision, and a story is told as given, when, then.
    then: (events) => expect(decideTwice()).toEqual(events),
    thenNothingHappened: () => expect(decide(command, state)).toEqual([]),
    thenRefused: (code, message) => {
      const refused = refusalOf(() => decide(command, state));
      expect(refused).toMatchObject({ name: "SlipwayError", code });
      if (message !== undefined) expect((refused as Error).message).toMatch(message);
    },
  };
};

const refusalOf = (run: () => unknown): unknown => {
  try {
    return { decided: run() };
  } catch (error) {
    return error;
  }
};
