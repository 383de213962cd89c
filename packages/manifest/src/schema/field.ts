/**
 * Schemas are data: one `Field` says what may stand at a place, what it becomes when it is absent and what must hold.
 * `shape` (types, unknown and unbuilt fields), `fill` (defaults), `check` (constraints) and the table in
 * `docs/kinds.md` all read the same tree.
 */

/** Tells of a problem at `path`, relative to the value that is checked: `""`, `.name`, `[0].port`. */
export type Report = (path: string, message: string) => void;

/** The messages of what is wrong with a value; empty when nothing is. */
export type Format<T> = (value: T) => readonly string[];

interface Common {
  readonly required?: boolean;
}

export interface StringField extends Common {
  readonly type: "string";
  readonly default?: string;
  /** The values that we serve; absent: any. */
  readonly values?: readonly string[];
  /** Values that Kubernetes or OpenShift know and we do not build yet. */
  readonly later?: readonly string[];
  readonly format?: Format<string>;
  /** An empty text differs from an absent one. */
  readonly keepEmpty?: boolean;
}

export interface IntegerField extends Common {
  readonly type: "integer";
  readonly default?: number;
  readonly format?: Format<number>;
}

export interface BooleanField extends Common {
  readonly type: "boolean";
  readonly default?: boolean;
}

/** A number or a text, as in `targetPort: 8080` and `targetPort: http`. */
export interface IntOrStringField extends Common {
  readonly type: "intOrString";
  readonly format?: Format<number | string>;
}

/** `500m`, `64Mi` or a bare number. */
export interface QuantityField extends Common {
  readonly type: "quantity";
}

export interface ListField extends Common {
  readonly type: "list";
  readonly items: Field;
  /** No two items may have the same value of this field. */
  readonly uniqueBy?: string;
}

export interface MapField extends Common {
  readonly type: "map";
  readonly values: Field;
  readonly check?: (value: Readonly<Record<string, never>>, report: Report) => void;
}

/** A choice: of `members` one may be given, or must be when `missing` says what to answer otherwise. */
interface OneOf {
  readonly members: readonly string[];
  readonly several: string;
  readonly missing?: string;
}

export interface ObjectField extends Common {
  readonly type: "object";
  readonly fields: Readonly<Record<string, Field>>;
  /** Same as `fields`, as pairs. */
  readonly entries: readonly (readonly [string, Field])[];
  /** Absent is read as `{}`, so that its own required fields are missed by name. */
  readonly implied?: boolean;
  readonly oneOf?: OneOf;
  /** Defaults that depend on other fields. Runs twice without a difference. */
  readonly complete?: (value: never) => void;
  /** Rules between fields. */
  readonly check?: (value: never, report: Report) => void;
}

/** Known to Kubernetes or OpenShift, not built here yet. */
export interface LaterField extends Common {
  readonly type: "later";
  /** Values that ask for no more than what happens anyway: taken and dropped. */
  readonly accepts: readonly unknown[];
  /** Taken and dropped as well when this holds of the value and the object around it. */
  readonly acceptsIf?: (value: unknown, parent: Readonly<Record<string, unknown>>) => boolean;
  /** `{}` asks for something: a volume source, a probe's handler. */
  readonly emptyMeans?: boolean;
}

/** Owned by the server, or without any effect: taken from anyone and dropped. */
export interface DroppedField extends Common {
  readonly type: "dropped";
  readonly why: "server" | "no effect";
}

export type Field =
  | StringField
  | IntegerField
  | BooleanField
  | IntOrStringField
  | QuantityField
  | ListField
  | MapField
  | ObjectField
  | LaterField
  | DroppedField;

type Options<F> = Omit<F, "type">;

export const string = (options: Options<StringField> = {}): StringField => ({ type: "string", ...options });
export const integer = (options: Options<IntegerField> = {}): IntegerField => ({ type: "integer", ...options });
export const boolean = (options: Options<BooleanField> = {}): BooleanField => ({ type: "boolean", ...options });
export const intOrString = (options: Options<IntOrStringField> = {}): IntOrStringField => ({
  type: "intOrString",
  ...options,
});
export const quantity = (): QuantityField => ({ type: "quantity" });
export const list = (items: Field, options: Omit<ListField, "type" | "items"> = {}): ListField => ({
  type: "list",
  items,
  ...options,
});
export const map = (values: Field, options: Omit<MapField, "type" | "values"> = {}): MapField => ({
  type: "map",
  values,
  ...options,
});

/** A known field that is not built yet; `null`, `""`, `[]`, `{}` and `accepts` are taken all the same. */
export const later = (...accepts: readonly unknown[]): LaterField => ({ type: "later", accepts });
/** A known field that is not built yet, where even `{}` asks for something. */
export const laterMember = (): LaterField => ({ type: "later", accepts: [], emptyMeans: true });
/** A known field that is not built yet; taken when `acceptsIf` holds. */
export const laterUnless = (acceptsIf: NonNullable<LaterField["acceptsIf"]>): LaterField => ({
  type: "later",
  accepts: [],
  acceptsIf,
});
/** The server writes it; from a client it is dropped without a word. */
export const serverOwned = (): DroppedField => ({ type: "dropped", why: "server" });
/** A hint that nothing acts on, here or in Kubernetes itself. */
export const noEffect = (): DroppedField => ({ type: "dropped", why: "no effect" });

type FieldsOf<T> = { readonly [K in keyof T]-?: Field } & Readonly<Record<string, Field>>;

interface ObjectOptions<T> {
  readonly required?: boolean;
  readonly implied?: boolean;
  readonly oneOf?: OneOf;
  readonly complete?: (value: T) => void;
  readonly check?: (value: T, report: Report) => void;
}

/** An object of the message type `T`: the compiler asks for every field of the message; unbuilt ones may follow. */
export const object = <T>(fields: FieldsOf<T>, options: ObjectOptions<T> = {}): ObjectField => ({
  type: "object",
  fields,
  entries: Object.entries<Field>(fields),
  ...options,
});
