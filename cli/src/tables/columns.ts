import type { ApiObject } from "../client/api-object.ts";
import { age } from "../terminal/age.ts";
import { podRow } from "./pod-row.ts";

/** How the objects of one kind are listed. Columns marked `wide` come with `-o wide`. */
export interface Columns {
  readonly titles: readonly string[];
  readonly wide?: readonly string[];
  readonly row: (
    object: ApiObject,
    now: number,
  ) => { readonly cells: readonly string[]; readonly wide?: readonly string[] };
}

/** Reads a path like `spec.to.name`; undefined when a part is missing. */
export const at = (object: unknown, path: string): unknown =>
  path
    .split(".")
    .reduce<unknown>(
      (value, key) =>
        value !== null && typeof value === "object" ? (value as Record<string, unknown>)[key] : undefined,
      object,
    );

const text = (value: unknown, absent = "<none>"): string =>
  value === undefined || value === "" ? absent : String(value);
const list = (value: unknown): readonly Record<string, unknown>[] => (Array.isArray(value) ? value : []);
const name = (object: ApiObject) => object.metadata?.name ?? "";
const born = (object: ApiObject, now: number) => age(object.metadata?.creationTimestamp, now);
const pairs = (value: unknown): string =>
  Object.entries((value ?? {}) as Record<string, string>)
    .map(([key, item]) => `${key}=${item}`)
    .join(",") || "<none>";

const ports = (object: ApiObject): string =>
  list(at(object, "spec.ports"))
    .map(({ port, protocol }) => `${port}/${protocol ?? "TCP"}`)
    .join(",") || "<none>";

const images = (object: ApiObject): string =>
  list(at(object, "spec.template.spec.containers"))
    .map(({ image }) => String(image))
    .join(",");

const endpoints = (object: ApiObject): string => {
  const found = list(object.subsets).flatMap((subset) =>
    list(subset.addresses).flatMap(({ ip }) => list(subset.ports).map(({ port }) => `${ip}:${port}`)),
  );
  return found.length > 3 ? `${found.slice(0, 3).join(",")} + ${found.length - 3} more…` : found.join(",") || "<none>";
};

const condition = (object: ApiObject, type: string): string | undefined =>
  list(at(object, "status.conditions")).find((each) => each.type === type)?.status as string | undefined;

const seconds = (ms: unknown): string => (typeof ms === "number" ? `${Math.round(ms / 1000)}s` : "");

const GENERIC: Columns = {
  titles: ["NAME", "AGE"],
  row: (object, now) => ({ cells: [name(object), born(object, now)] }),
};

const COLUMNS: Readonly<Record<string, Columns>> = {
  Pod: {
    titles: ["NAME", "READY", "STATUS", "RESTARTS", "AGE"],
    wide: ["IP", "NODE"],
    row: (object, now) => {
      const { ready, status, restarts } = podRow(object);
      return {
        cells: [name(object), ready, status, String(restarts), born(object, now)],
        wide: [text(at(object, "status.podIP")), text(at(object, "spec.nodeName"))],
      };
    },
  },
  Service: {
    titles: ["NAME", "TYPE", "CLUSTER-IP", "PORT(S)", "AGE"],
    wide: ["SELECTOR"],
    row: (object, now) => ({
      cells: [
        name(object),
        text(at(object, "spec.type"), "ClusterIP"),
        text(at(object, "spec.clusterIP")),
        ports(object),
        born(object, now),
      ],
      wide: [pairs(at(object, "spec.selector"))],
    }),
  },
  Endpoints: { titles: ["NAME", "ENDPOINTS"], row: (object) => ({ cells: [name(object), endpoints(object)] }) },
  ReplicationController: {
    titles: ["NAME", "DESIRED", "CURRENT", "READY", "AGE"],
    wide: ["IMAGES", "SELECTOR"],
    row: (object, now) => ({
      cells: [
        name(object),
        text(at(object, "spec.replicas"), "1"),
        text(at(object, "status.replicas"), "0"),
        text(at(object, "status.readyReplicas"), "0"),
        born(object, now),
      ],
      wide: [images(object), pairs(at(object, "spec.selector"))],
    }),
  },
  Node: {
    titles: ["NAME", "STATUS", "AGE", "VERSION"],
    wide: ["CPU", "MEMORY", "CONTAINER-RUNTIME"],
    row: (object, now) => {
      const ready = condition(object, "Ready");
      const status = ready === "True" ? "Ready" : ready === "False" ? "NotReady" : "Unknown";
      return {
        cells: [
          name(object),
          at(object, "spec.unschedulable") === true ? `${status},SchedulingDisabled` : status,
          born(object, now),
          text(at(object, "status.nodeInfo.agentVersion"), ""),
        ],
        wide: [
          text(at(object, "status.allocatable.cpu"), ""),
          text(at(object, "status.allocatable.memory"), ""),
          text(at(object, "status.nodeInfo.containerRuntimeVersion"), ""),
        ],
      };
    },
  },
  BuildConfig: {
    titles: ["NAME", "TYPE", "FROM", "LATEST"],
    row: (object) => ({
      cells: [
        name(object),
        text(at(object, "spec.strategy.type")),
        at(object, "spec.source.git.uri")
          ? `Git${at(object, "spec.source.git.ref") ? `@${at(object, "spec.source.git.ref")}` : ""}`
          : text(at(object, "spec.source.type")),
        text(at(object, "status.lastVersion"), "0"),
      ],
    }),
  },
  Build: {
    titles: ["NAME", "TYPE", "FROM", "STATUS", "STARTED", "DURATION"],
    row: (object, now) => {
      const commit = String(at(object, "spec.revision.git.commit") ?? "").slice(0, 7);
      const reason = at(object, "status.reason");
      return {
        cells: [
          name(object),
          text(at(object, "spec.strategy.type")),
          commit ? `Git@${commit}` : "Git",
          `${text(at(object, "status.phase"), "New")}${reason ? ` (${reason})` : ""}`,
          at(object, "status.startTimestamp") ? `${age(String(at(object, "status.startTimestamp")), now)} ago` : "",
          seconds(at(object, "status.durationMs")),
        ],
      };
    },
  },
  ImageStream: {
    titles: ["NAME", "IMAGE REPOSITORY", "TAGS", "AGE"],
    row: (object, now) => ({
      cells: [
        name(object),
        text(at(object, "status.dockerImageRepository"), ""),
        list(at(object, "status.tags"))
          .map(({ tag }) => String(tag))
          .join(","),
        born(object, now),
      ],
    }),
  },
  Route: {
    titles: ["NAME", "HOST", "PATH", "SERVICES", "ADMITTED"],
    row: (object) => ({
      cells: [
        name(object),
        text(at(object, "spec.host"), ""),
        text(at(object, "spec.path"), "/"),
        text(at(object, "spec.to.name"), ""),
        list(list(at(object, "status.ingress"))[0]?.conditions).find(({ type }) => type === "Admitted")?.status ===
        "False"
          ? "no"
          : "yes",
      ],
    }),
  },
  Project: {
    titles: ["NAME", "DISPLAY NAME", "STATUS", "AGE"],
    row: (object, now) => ({
      cells: [
        name(object),
        object.metadata?.annotations?.["openshift.io/display-name"] ?? "",
        text(at(object, "status.phase"), "Active"),
        born(object, now),
      ],
    }),
  },
};

/** The columns of a kind; one that has none of its own is listed by name and age. */
export const columnsOf = (kind: string): Columns => COLUMNS[kind] ?? GENERIC;
