import type { EdgeServer } from "./edge-backends.ts";
import type { EdgeSlots } from "./edge-slots.ts";

const COLUMNS = ["be_name", "srv_name", "srv_addr", "srv_admin_state", "srv_uweight", "srv_port"] as const;
/** Bits of `srv_admin_state` that mean: switched off. */
const OFF = 0x01 | 0x02 | 0x04;

/**
 * The slots of a running HAProxy from its answer to `show servers state`; nothing when it cannot be understood. So a restarted
 * agent goes on with the HAProxy that it finds.
 */
export const parseServerStates = (answer: string): EdgeSlots | undefined => {
  const lines = answer.split("\n").map((line) => line.trim());
  const header = lines
    .find((line) => line.startsWith("# "))
    ?.slice(2)
    .split(" ");
  if (header === undefined) return undefined;
  const at = Object.fromEntries(COLUMNS.map((column) => [column, header.indexOf(column)]));
  if (Object.values(at).includes(-1)) return undefined;
  const slots = new Map<string, (EdgeServer | undefined)[]>();
  for (const line of lines) {
    const fields = line.split(" ");
    if (line.startsWith("#") || fields.length < header.length) continue;
    const field = (column: (typeof COLUMNS)[number]) => fields[at[column] ?? -1] ?? "";
    const list = slots.get(field("be_name")) ?? [];
    slots.set(field("be_name"), list);
    const index = Number(field("srv_name").slice(1)) - 1;
    if (!Number.isSafeInteger(index) || index < 0) return undefined;
    const on = (Number(field("srv_admin_state")) & OFF) === 0;
    const address = `${field("srv_addr")}:${field("srv_port")}`;
    list[index] = on ? { address, weight: Number(field("srv_uweight")) } : undefined;
  }
  return slots;
};
