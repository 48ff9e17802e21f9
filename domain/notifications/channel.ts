/** A message as a channel takes it: already rendered, all words clean. */
export interface Outgoing {
  deliveryId: string;
  to: string;
  subject: string;
  html: string;
  text: string;
  /** Where one POST ends mail of this kind (RFC 8058); null for mail that nobody can unsubscribe from. */
  unsubscribeUrl: string | null;
}

/** A way out, open for a run of deliveries. `send` resolves with the other side's answer. Errors: DeliveryError. */
export interface Channel {
  send(message: Outgoing, signal: AbortSignal): Promise<string>;
  close(): void;
}
