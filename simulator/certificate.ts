import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";

/** A minimal DER writer and X.509 v3 certificate maker (RFC 5280) for P-256 keys: enough for a CA and its server certificates. */

const tlv = (tag: number, content: Buffer): Buffer => {
  const length = content.length;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Buffer.concat([Buffer.from([tag, 0x80 | bytes.length, ...bytes]), content]);
};
const sequence = (...items: Buffer[]) => tlv(0x30, Buffer.concat(items));
const set = (...items: Buffer[]) => tlv(0x31, Buffer.concat(items));
const octets = (content: Buffer) => tlv(0x04, content);
const boolean = (value: boolean) => tlv(0x01, Buffer.from([value ? 0xff : 0x00]));
const bits = (content: Buffer, unused = 0) => tlv(0x03, Buffer.concat([Buffer.from([unused]), content]));
const explicit = (tag: number, content: Buffer) => tlv(0xa0 | tag, content);
const integer = (bytes: Buffer) => {
  const first = bytes[0] ?? 0;
  return tlv(0x02, first & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
};

const oid = (dotted: string): Buffer => {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const bytes = [first * 40 + second];
  for (const part of rest) {
    const groups = [part & 0x7f];
    for (let left = part >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80);
    bytes.push(...groups);
  }
  return tlv(0x06, Buffer.from(bytes));
};

/** UTCTime to 2049, GeneralizedTime after, as RFC 5280 asks. */
const time = (date: Date): Buffer => {
  const digits = date.toISOString().replace(/[-:T]/g, "").slice(0, 14);
  return date.getUTCFullYear() < 2050
    ? tlv(0x17, Buffer.from(`${digits.slice(2)}Z`))
    : tlv(0x18, Buffer.from(`${digits}Z`));
};

const name = (commonName: string) => sequence(set(sequence(oid("2.5.4.3"), tlv(0x0c, Buffer.from(commonName)))));
const ECDSA_SHA256 = sequence(oid("1.2.840.10045.4.3.2"));
const extension = (id: string, critical: boolean, value: Buffer) =>
  critical ? sequence(oid(id), boolean(true), octets(value)) : sequence(oid(id), octets(value));

const pem = (label: string, der: Buffer) =>
  `-----BEGIN ${label}-----\n${(der.toString("base64").match(/.{1,64}/g) ?? []).join("\n")}\n-----END ${label}-----\n`;

const publicDer = (key: KeyObject) => key.export({ type: "spki", format: "der" });
const keyId = (key: KeyObject) => createHash("sha1").update(publicDer(key)).digest();

interface CertificateRequest {
  subject: string;
  issuer: string;
  publicKey: KeyObject;
  signer: KeyObject;
  authority: boolean;
  hosts: string[];
}

function certificate(request: CertificateRequest): string {
  const signerPublic = createPublicKey(request.signer);
  const serial = createHash("sha256")
    .update(publicDer(request.publicKey))
    .update(request.subject)
    .digest()
    .subarray(0, 16);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  const extensions = [
    extension("2.5.29.19", true, request.authority ? sequence(boolean(true)) : sequence()),
    extension("2.5.29.15", true, request.authority ? bits(Buffer.from([0x06]), 1) : bits(Buffer.from([0x80]), 7)),
    extension("2.5.29.14", false, octets(keyId(request.publicKey))),
    extension("2.5.29.35", false, sequence(tlv(0x80, keyId(signerPublic)))),
  ];
  if (!request.authority) {
    const names = request.hosts.map((host) =>
      /^\d+(\.\d+){3}$/.test(host) ? tlv(0x87, Buffer.from(host.split(".").map(Number))) : tlv(0x82, Buffer.from(host)),
    );
    extensions.push(
      extension("2.5.29.37", false, sequence(oid("1.3.6.1.5.5.7.3.1"))),
      extension("2.5.29.17", false, sequence(...names)),
    );
  }
  const body = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(serial),
    ECDSA_SHA256,
    name(request.issuer),
    sequence(time(new Date("2020-01-01T00:00:00Z")), time(new Date("2045-01-01T00:00:00Z"))),
    name(request.subject),
    publicDer(request.publicKey),
    explicit(3, sequence(...extensions)),
  );
  return pem("CERTIFICATE", sequence(body, ECDSA_SHA256, bits(sign("sha256", body, request.signer))));
}

/** A fresh P-256 private key as PKCS#8 PEM. */
export const newKey = (): string =>
  generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "pkcs8", format: "pem" }).toString();

/** A self-signed CA certificate (PEM) for the key. */
export function authorityCertificate(commonName: string, keyPem: string): string {
  const signer = createPrivateKey(keyPem);
  const publicKey = createPublicKey(signer);
  return certificate({ subject: commonName, issuer: commonName, publicKey, signer, authority: true, hosts: [] });
}

/** A server certificate (PEM) for the hosts (names or IPv4 addresses), signed by the CA of that name and key. */
export function serverCertificate(
  commonName: string,
  keyPem: string,
  authority: { commonName: string; keyPem: string },
  hosts: string[] = ["localhost", "127.0.0.1"],
): string {
  return certificate({
    subject: commonName,
    issuer: authority.commonName,
    publicKey: createPublicKey(createPrivateKey(keyPem)),
    signer: createPrivateKey(authority.keyPem),
    authority: false,
    hosts,
  });
}
