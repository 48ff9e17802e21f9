"use client";

import { Button } from "@/components/button";
import { Menu, MenuLink } from "@/components/menu";
import { type Place, placeSearch } from "@/domain/benchmark/place";

/** The files of a benchmark at a place. */
export function Exports({ benchmark, place }: { benchmark: string; place: Place }) {
  const base = `/api/v1/compliance/${benchmark}`;
  return (
    <Menu trigger={<Button icon="download">Export</Button>}>
      <MenuLink href={`${base}/report${placeSearch(place)}`} download>
        Report (PDF)
      </MenuLink>
      <MenuLink href={`${base}/export${placeSearch(place, { format: "csv" })}`} download>
        Every assessment (CSV)
      </MenuLink>
      <MenuLink href={`${base}/export${placeSearch(place, { format: "jsonl" })}`} download>
        Every assessment (JSON Lines)
      </MenuLink>
    </Menu>
  );
}
