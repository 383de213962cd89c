import type { Bus } from "./bus.ts";
import { eventsContract } from "./contract-events.ts";
import { feedContract } from "./contract-feed.ts";
import { logsContract } from "./contract-logs.ts";
import { reportsContract } from "./contract-reports.ts";
import { requestsContract } from "./contract-requests.ts";

/** A bus to try, with the means to make its life hard. */
export interface BusUnderTest {
  readonly bus: Bus;
  /** One more connection to the same bus. */
  connect(name: string): Promise<Bus>;
  /** All that the streams held is lost; connections come back by themselves. */
  wipe(): Promise<void>;
  stop(): Promise<void>;
}

/** What every bus promises, whatever carries it. `start` gives an empty bus without streams. */
export const busContract = (start: () => Promise<BusUnderTest>): void => {
  describe("events", () => eventsContract(start));
  describe("feeds", () => feedContract(start));
  describe("reports", () => reportsContract(start));
  describe("logs", () => logsContract(start));
  describe("requests and heartbeats", () => requestsContract(start));
};
