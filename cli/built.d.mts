export function builtModule(name: string): string | null;
