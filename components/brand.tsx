import Link from "next/link";

/** The product's mark and name: a recurved seawall and two waves. */
export function Brand({ bare = false }: { bare?: boolean }) {
  return (
    <Link className="brand" href="/" prefetch={false} {...(bare ? { "aria-label": "Seawall" } : {})}>
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path
          className="wall"
          d="M22 2.500H9.800c2.700 1.300 4.300 4 4.100 7.200-.300 5-4.200 9.300-11.900 11.800h20Z"
        />
        <path
          className="wave"
          d="M1.500 9c2 0 2.400-1.600 4.300-1.600 1.800 0 2.200 1.300 3.700 1.500M1.500 14c2 0 2.400-1.600 4.300-1.600 1.500 0 2 .900 3 1.300"
          fill="none"
          strokeWidth="1.9"
          strokeLinecap="round"
        />
      </svg>
      {bare ? null : "Seawall"}
    </Link>
  );
}
