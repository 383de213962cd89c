import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { SlipwayError } from "@slipway/kernel";
import type { Principal } from "./call-context.ts";

/**
 * Says who calls, from the bearer token of a call (`undefined`: it has none) and the method it wants
 * (`slipway.v1.Resources/Apply`). Throws `Unauthenticated` or `Forbidden`.
 */
export type Authenticate = (token: string | undefined, method: string) => Principal | Promise<Principal>;

export interface TokenGrant extends Principal {
  /** What `hashToken` makes of the token; the token itself is stored nowhere on the server. */
  readonly sha256: string;
}

/** A new token of 256 random bits, with a prefix by which scanners for leaked secrets know it. */
export const newToken = (): string => `slipway_${randomBytes(32).toString("base64url")}`;

/** The SHA-256 of a token, as lowercase hex. Tokens are random, so no salt is needed. */
export const hashToken = (token: string): string => createHash("sha256").update(token).digest("hex");

/**
 * Lets in whoever holds one of the tokens. `grants` is read at each call, so a live collection can gain and lose
 * tokens. All are compared, each in constant time: how long it takes says nothing about how close a guess came.
 */
export const tokenAuthenticator =
  (grants: Iterable<TokenGrant>): Authenticate =>
  (token) => {
    if (token === undefined) {
      throw new SlipwayError(
        "Unauthenticated",
        "The call carries no token: log in, or send it as metadata `authorization: Bearer <token>`.",
      );
    }
    const offered = createHash("sha256").update(token).digest();
    let found: TokenGrant | undefined;
    for (const grant of grants) {
      const expected = Buffer.from(grant.sha256, "hex");
      if (expected.length === offered.length && timingSafeEqual(expected, offered)) found = grant;
    }
    if (found === undefined) {
      throw new SlipwayError("Unauthenticated", "The token is not valid here: log in again to this server.");
    }
    return { actor: found.actor };
  };

/** The token in the value of an `authorization` header; `undefined` when there is none of the Bearer kind. */
export const bearerToken = (authorization: string | undefined): string | undefined =>
  /^Bearer +(\S+) *$/i.exec(authorization ?? "")?.[1];
