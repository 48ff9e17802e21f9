import { z } from "zod";

/** Certificates in PEM form, as a person pastes them. Browser-safe. */
export const pem = z.string().max(200_000).includes("-----BEGIN CERTIFICATE-----", {
  error: "Enter certificates in PEM form: they begin with -----BEGIN CERTIFICATE-----.",
});
