import { asSlipwayError, type SlipwayError } from "@slipway/kernel";
import type { Api } from "./api.ts";

/** The error of a call that must fail; undefined when it was taken. */
export const refusal = async (call: Promise<unknown>): Promise<SlipwayError | undefined> => {
  try {
    await call;
    return undefined;
  } catch (error) {
    return asSlipwayError(error);
  }
};

/** Runs `work` and answers the streams to which a user's call appended meanwhile. */
export const appendedDuring = async (api: Api, work: () => Promise<void>): Promise<string[]> => {
  const head = await api.head();
  await work();
  const appended: string[] = [];
  for await (const { events } of api.events.subscribe({ fromPosition: BigInt(head + 1), untilHead: true })) {
    appended.push(...events.filter(({ actor }) => actor.startsWith("user:")).map(({ stream }) => stream));
  }
  return appended;
};
