// Loaded into the web process: tells every request where it came from, from the connection itself and, behind proxies that the
// operator vouches for (SEAWALL_TRUSTED_PROXIES), from as many hops of X-Forwarded-For. What a client sends in this header is lost.
// The health check's answer carries the number that the start gave this process, so that the start knows whose answer it is.
import http from "node:http";

const HEADER = "x-seawall-address"; // domain/access/origin.ts reads it
const proxies = Number(process.env.SEAWALL_TRUSTED_PROXIES ?? 0) || 0;
const instance = process.env.SEAWALL_INSTANCE;
const plain = (address) => address.trim().replace(/^::ffff:(?=\d+\.)/i, "");

function clientAddress(request) {
  const forwarded = proxies === 0 ? [] : String(request.headers["x-forwarded-for"] ?? "").split(",");
  const hops = [...forwarded.filter((hop) => hop.trim() !== ""), request.socket.remoteAddress ?? ""];
  return plain(hops.at(-1 - proxies) ?? hops[0]);
}

const emit = http.Server.prototype.emit;
http.Server.prototype.emit = function emitWithAddress(event, request, ...rest) {
  if (event === "request" || event === "upgrade") request.headers[HEADER] = clientAddress(request);
  if (event === "request" && instance && request.url === "/healthz") rest[0].setHeader("x-seawall-instance", instance);
  return emit.call(this, event, request, ...rest);
};
