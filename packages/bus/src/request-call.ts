import { linkedSignal, SlipwayError, shortId } from "@slipway/kernel";
import { asyncQueue } from "./async-queue.ts";
import {
  ALIVE_EVERY_MS,
  type Answer,
  answerSubject,
  fromWireError,
  repeat,
  requestSubject,
  SILENCE_MS,
  WINDOW,
  type Word,
  wordSubject,
} from "./request-protocol.ts";
import type { CallOptions } from "./requests.ts";
import type { Transport } from "./transport.ts";

/** `Requests.call`: its promises stand there. */
export async function* callNode(
  transport: Transport,
  node: string,
  verb: string,
  data: unknown,
  options: CallOptions,
): AsyncGenerator<unknown, void, undefined> {
  const { signal, timeoutMs } = options;
  if (signal.aborted) return;
  const call = shortId(transport.random, 20);
  const { clock } = transport;
  const during = linkedSignal(signal);
  const answers = asyncQueue<Answer>();
  const say = (word: Word) => transport.send(wordSubject(node, call), JSON.stringify(word));
  let heardAt = clock.now();
  let taken = 0;
  let ended = false;

  const give = (error: SlipwayError) => answers.end(error);
  during.signal.addEventListener("abort", () => answers.end(), { once: true });
  transport.subscribe(
    answerSubject(node, call),
    (message) => {
      if (message.noResponders) return give(noResponder(node, verb, "does not answer to it"));
      heardAt = clock.now();
      answers.push(JSON.parse(message.text()) as Answer);
    },
    during.signal,
  );
  repeat(clock, ALIVE_EVERY_MS, during.signal, () => {
    if (clock.now() - heardAt >= SILENCE_MS) give(noResponder(node, verb, "has stopped answering"));
    else say({ type: "received", number: taken });
  });
  const deadline =
    timeoutMs === undefined
      ? undefined
      : clock.schedule(timeoutMs, () =>
          give(
            new SlipwayError("DeadlineExceeded", `Node ${node} did not finish "${verb}" within ${timeoutMs} ms.`, {
              fields: { node, verb, timeoutMs },
            }),
          ),
        );
  transport.send(requestSubject(node, verb), JSON.stringify({ call, data }), answerSubject(node, call));

  try {
    for (let batch = await answers.take(); batch !== undefined; batch = await answers.take()) {
      for (const answer of batch) {
        if (answer.type === "alive" || answer.number <= taken) continue;
        if (answer.number > taken + 1) throw answersLost(node, verb);
        taken = answer.number;
        if (answer.type === "item") {
          if (taken % (WINDOW / 4) === 0) say({ type: "received", number: taken });
          yield answer.item;
          if (signal.aborted) return;
          continue;
        }
        ended = true;
        if (answer.type === "error") throw fromWireError(answer.error);
        return;
      }
    }
  } finally {
    deadline?.cancel();
    during.abort();
    if (!ended) say({ type: "cancel" });
  }
}

const noResponder = (node: string, verb: string, what: string): SlipwayError =>
  new SlipwayError("NoResponder", `Node ${node} ${what} ("${verb}"): check that its agent runs, then try again.`, {
    fields: { node, verb },
  });

const answersLost = (node: string, verb: string): SlipwayError =>
  new SlipwayError("BusUnavailable", `Answers of node ${node} to "${verb}" were lost on the way: ask again.`, {
    fields: { node, verb },
  });
