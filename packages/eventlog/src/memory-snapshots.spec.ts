import { MemorySnapshots } from "./memory-snapshots.ts";
import { describeSnapshots } from "./snapshots-contract.ts";

describeSnapshots("snapshots in memory", async () => new MemorySnapshots());
