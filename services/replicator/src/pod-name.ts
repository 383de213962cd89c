import { deterministicUuid, seededRandom, shortId } from "@slipway/kernel";

/**
 * The name of a controller's n-th pod: `<controller>-<5 characters>`. It follows from the controller's uid and n alone,
 * so two replicators that make the same pod collide in the log, and one of them makes it.
 */
export const podName = (controller: string, uid: string, ordinal: number): string => {
  const seed = Number.parseInt(deterministicUuid(`${uid}#${ordinal}`).slice(0, 8), 16);
  // 63 characters are the limit of a host name; the suffix takes six.
  return `${controller.slice(0, 57)}-${shortId(seededRandom(seed))}`;
};
