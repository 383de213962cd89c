import { CONTRACT_TYPES } from "./contract/harness.ts";
import { describeEventLog } from "./contract.ts";
import { MemoryEventLog } from "./memory.ts";
import { MemoryStore } from "./memory-store.ts";

describeEventLog("the log in memory", async () => {
  const store = new MemoryStore();
  return async (options) => new MemoryEventLog({ knownTypes: CONTRACT_TYPES, store, ...options });
});
