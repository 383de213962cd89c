import { describeAppend } from "./contract/append.ts";
import { describeFollow } from "./contract/follow.ts";
import type { OpenLog } from "./contract/harness.ts";
import { describeRead } from "./contract/read.ts";
import { describeRefusals } from "./contract/refusals.ts";
import type { EventLog } from "./port.ts";

/** What every implementation of `EventLog` keeps, run on the twin and on Postgres. `newStore` is called for every test. */
export const describeEventLog = (name: string, newStore: () => Promise<OpenLog>): void => {
  describe(name, () => {
    const opened: EventLog[] = [];
    let store: Promise<OpenLog>;
    const open: OpenLog = async (options) => {
      const log = await (await store)(options);
      opened.push(log);
      return log;
    };
    beforeEach(() => {
      store = newStore();
    });
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((log) => log.close()));
    });
    describeAppend(open);
    describeRefusals(open);
    describeRead(open);
    describeFollow(open);
  });
};
