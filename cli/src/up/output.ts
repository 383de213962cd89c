/** Where `up` and `down` say what they do: a step at a time, each with its end. */
export interface Output {
  /** Begins a step; what it returns ends it, with a note on how it went. */
  step(title: string): StepEnd;
  /** A line of its own. */
  line(text: string): void;
}

export interface StepEnd {
  /** What is being done within the step. */
  progress(text: string): void;
  done(note?: string): void;
  failed(): void;
}

/** Runs `work` as one step. */
export const inStep = async <T>(output: Output, title: string, work: (step: StepEnd) => Promise<T>): Promise<T> => {
  const step = output.step(title);
  try {
    const result = await work(step);
    step.done();
    return result;
  } catch (error) {
    step.failed();
    throw error;
  }
};
