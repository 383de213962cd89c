import { status } from "@grpc/grpc-js";
import { ERROR_CODES, type ErrorCode } from "@slipway/kernel";
import { codeOfGrpcStatus, grpcStatusOf, httpStatusOf, WIRE_STATUS } from "./status.ts";

const codes = Object.keys(ERROR_CODES) as ErrorCode[];

describe("the table of errors on the wire", () => {
  it("has a line for every code and for no other", () => {
    expect(Object.keys(WIRE_STATUS).sort()).toEqual([...codes].sort());
  });

  it.each(codes)("gives %s a gRPC status that exists and an HTTP status that says failure", (code) => {
    expect(status[grpcStatusOf(code)]).toBe(WIRE_STATUS[code].grpc);
    expect(grpcStatusOf(code)).toBeGreaterThan(0);
    expect(httpStatusOf(code)).toBeGreaterThanOrEqual(400);
    expect(httpStatusOf(code)).toBeLessThan(600);
  });

  it("blames the server for no refusal, and the client for nothing transient or fatal", () => {
    for (const code of codes) {
      const blamesClient = httpStatusOf(code) < 500;
      const refused = ERROR_CODES[code] === "Refused" || ERROR_CODES[code] === "Conflict";
      expect([code, blamesClient]).toEqual([code, refused]);
    }
  });
});

describe("codeOfGrpcStatus", () => {
  it("reads every status that gRPC has, and one that it has not", () => {
    const numbers = Object.values(status).filter((value) => typeof value === "number" && value > 0);
    for (const number of numbers) expect(ERROR_CODES).toHaveProperty(codeOfGrpcStatus(Number(number)));
    expect(codeOfGrpcStatus(status.UNAVAILABLE)).toBe("ServerUnavailable");
    expect(codeOfGrpcStatus(99)).toBe("Internal");
  });
});
