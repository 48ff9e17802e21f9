/**
 * Whether an address is nothing but that. A user or a password in it would be stored and shown as a setting, and a query would be lost.
 * Browser-safe.
 */
export const isPlainAddress = (text: string): boolean => !/[?#@]/.test(text);
export const NOT_PLAIN = "Enter an address without user, query or fragment";
