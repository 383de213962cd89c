import { findKind } from "@slipway/domain";
import { type Problem, quoted } from "./problem.ts";
import { MANIFEST_KINDS, type ManifestKind } from "./schema/registry.ts";
import { isUnbuiltKind } from "./unbuilt-kinds.ts";

/** A kind that we build, or why there is none. */
export type ResolvedKind =
  | { readonly kind: ManifestKind; readonly apiVersion: string; readonly namespaced: boolean }
  | { readonly problem: Problem };

const refuse = (code: Problem["code"], path: string, message: string): ResolvedKind => ({
  problem: { code, path, message },
});

const isManifestKind = (kind: string): kind is ManifestKind => (MANIFEST_KINDS as readonly string[]).includes(kind);

/** Finds what `kind` and `apiVersion` of an object name. The apiVersion answered is the one that we write. */
export const resolveKind = (object: Readonly<Record<string, unknown>>): ResolvedKind => {
  const { kind, apiVersion } = object;
  if (kind === undefined || kind === null || kind === "") return refuse("Invalid", "kind", "Required value");
  if (typeof kind !== "string") return refuse("Invalid", "kind", `expected string, got ${typeof kind}`);
  if (apiVersion === undefined || apiVersion === null || apiVersion === "") {
    return refuse("Invalid", "apiVersion", "Required value");
  }
  if (typeof apiVersion !== "string") {
    return refuse("Invalid", "apiVersion", `expected string, got ${typeof apiVersion} ${String(apiVersion)}`);
  }
  if (kind === "Namespace" && apiVersion === "v1") {
    return { kind: "Project", apiVersion: "project.openshift.io/v1", namespaced: false };
  }
  const info = isManifestKind(kind) ? findKind(kind) : undefined;
  if (info && isManifestKind(kind) && info.apiVersions.includes(apiVersion)) {
    return { kind, apiVersion: info.apiVersions[0] ?? apiVersion, namespaced: info.namespaced };
  }
  if (isUnbuiltKind(kind, apiVersion)) {
    const why = kind === "Endpoints" ? "; endpoints follow from a service's selector" : "";
    return refuse("NotSupportedYet", "kind", `${kind} (${apiVersion}): not supported yet${why}`);
  }
  const known = info === undefined ? "" : `; use ${info.apiVersions.map((version) => quoted(version)).join(" or ")}`;
  return refuse(
    "UnknownKind",
    "apiVersion",
    `no kind ${quoted(kind)} is registered for version ${quoted(apiVersion)}${known}`,
  );
};
