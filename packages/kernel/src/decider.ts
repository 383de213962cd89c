/**
 * The shape of every kind's rules: from commands and state to events, from events to state. All three are pure.
 * `decide` answers `[]` when the wish is already true and throws a `Refused` error when it cannot be granted;
 * `evolve` is total: it ignores what it does not know and never throws.
 */
export interface Decider<State, Command, Event> {
  readonly initial: State;
  readonly evolve: (state: State, event: Event) => State;
  readonly decide: (command: Command, state: State) => readonly Event[];
}
