import { KINDS, type KindInfo } from "@slipway/domain";
import { describeSchema, type FieldDescription } from "./describe-schema.ts";
import { MANIFEST_KINDS, type ManifestKind } from "./schema/registry.ts";
import { UNBUILT_KINDS } from "./unbuilt-kinds.ts";

const INTRODUCTION = `# Kinds and fields

What a manifest may hold and what becomes of each field. Made from the schemas in \`packages/manifest\` by
\`node packages/manifest/src/kinds-table.ts > docs/kinds.md\`; a test keeps it up to date.

| state | in a manifest |
| --- | --- |
| supported | checked, completed with its default, and acted on |
| accepted (no effect) | taken and left out: a hint that nothing acts on |
| set by the server | taken and left out: an object that was read can be applied again |
| not supported yet | refused with its path, unless it asks for no more than happens anyway; \`--validate=ignore\` leaves it out |

A field that is in none of these tables is unknown: a warning with its path, and the rest applies. \`--validate=strict\` refuses
it, \`--validate=ignore\` says nothing. \`null\` is the same as absent everywhere.
`;

const cell = (text: string): string => text.replaceAll("|", "\\|");

const row = ({ path, type, state, note }: FieldDescription): string =>
  `| \`${cell(path)}\` | ${cell(type)} | ${state} | ${cell(note)} |`;

const isOfObject = (path: string): boolean => path.startsWith("metadata.") || path === "apiVersion" || path === "kind";

/** The pod of a template has the same fields as a Pod: told once. */
const isTold = (kind: ManifestKind, path: string): boolean =>
  !isOfObject(path) && !(kind === "ReplicationController" && path.startsWith("spec.template.spec."));

const section = (kind: ManifestKind): string => {
  const info = (KINDS as readonly KindInfo[]).find((candidate) => candidate.kind === kind);
  const names = [info?.plural ?? "", ...(info?.shortNames ?? [])].map((name) => `\`${name}\``).join(", ");
  const versions = (info?.apiVersions ?? []).map((version) => `\`${version}\``).join(" or ");
  const rows = describeSchema(kind).filter(({ path }) => isTold(kind, path));
  const also =
    kind === "Project"
      ? " A `Namespace` (`v1`) is read as a Project."
      : kind === "ReplicationController"
        ? " `spec.template.spec` is that of a Pod."
        : "";
  return [
    `## ${kind}`,
    "",
    `apiVersion ${versions}; ${info?.namespaced ? "lives in a project" : "belongs to the cluster"}; names: ${names}.${also}`,
    "",
    "| field | type | state | note |",
    "| --- | --- | --- | --- |",
    ...rows.map(row),
    "",
  ].join("\n");
};

/** The page `docs/kinds.md`. */
export const kindsTable = (): string => {
  const metadata = describeSchema("Pod").filter(({ path }) => isOfObject(path) && path.startsWith("metadata."));
  return [
    INTRODUCTION,
    "## Every object: metadata",
    "",
    "| field | type | state | note |",
    "| --- | --- | --- | --- |",
    ...metadata.map(row),
    "",
    ...MANIFEST_KINDS.map(section),
    "## Lists",
    "",
    "A `List` and every typed list (`PodList`, `ServiceList`, …) is unfolded, also inside another list.",
    "",
    "## Kinds that are known and not supported yet",
    "",
    `${UNBUILT_KINDS.map((kind) => `\`${kind}\``).join(", ")}.`,
    "",
  ].join("\n");
};

if (import.meta.main) process.stdout.write(kindsTable());
