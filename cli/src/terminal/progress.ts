import { stripVTControlCharacters } from "node:util";
import type { Output, StepEnd } from "../up/output.ts";
import { styled, type Terminal } from "./terminal.ts";

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const FRAME_MS = 100;

/** Steps as they happen: one line that moves on a terminal, plain lines anywhere else. */
export const progressOutput = (
  terminal: Terminal,
  now: () => number = () => performance.now(),
): Output & { close(): void } => {
  let current: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let frame = 0;

  const clear = () => {
    if (terminal.live && current !== undefined) terminal.err("\r\u001b[K");
  };
  const draw = () => {
    if (!terminal.live || current === undefined) return;
    const line = `${FRAMES[frame++ % FRAMES.length]} ${current}`;
    // Written over, and only what is left of a longer line before it erased: nothing flickers.
    terminal.err(`\r${stripVTControlCharacters(line).slice(0, terminal.width - 1)}\u001b[K`);
  };
  const rest = () => {
    clear();
    current = undefined;
    clearInterval(timer);
    timer = undefined;
  };
  const line = (text: string) => {
    clear();
    terminal.err(`${text}\n`);
    draw();
  };

  return {
    line,
    step: (title): StepEnd => {
      const startedAt = now();
      let last = "";
      rest();
      current = title;
      if (terminal.live) {
        draw();
        timer = setInterval(draw, FRAME_MS);
      } else terminal.err(`${title} …\n`);
      const seconds = () => `${((now() - startedAt) / 1000).toFixed(1)} s`;
      return {
        progress: (text) => {
          const short = text.trim();
          if (short === "" || short === last) return;
          last = short;
          if (terminal.live) current = `${title}: ${short}`;
          else terminal.err(`  ${short}\n`);
        },
        done: (note) => {
          rest();
          terminal.err(
            `${styled(terminal.errColour, "green", "✓")} ${title}${note ? `: ${note}` : ""} (${seconds()})\n`,
          );
        },
        failed: () => {
          rest();
          terminal.err(`${styled(terminal.errColour, "red", "✗")} ${title} (${seconds()})\n`);
        },
      };
    },
    close: rest,
  };
};
