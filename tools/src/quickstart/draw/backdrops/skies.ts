import { at, between, place, repeat } from '../svg.js';

import type { Backdrop } from './backdrop.js';

export const stars: Backdrop = ({ pop }, { width, height }, random) =>
  repeat(90, () => {
    const size = between(random, 0.4, 1.8);
    return `<circle cx="${at(between(random, 0, width))}" cy="${at(between(random, 0, height))}" r="${at(size)}" fill="${size > 1.5 ? pop : '#fff'}"/>`;
  });

export const moon: Backdrop = ({ pop, ground }, { width, height }, random) => {
  const x = between(random, 0.25, 0.75) * width;
  const y = between(random, 0.22, 0.4) * height;
  const radius = between(random, 45, 80);
  return (
    `<circle cx="${at(x)}" cy="${at(y)}" r="${at(radius * 1.25)}" fill="${pop}" opacity=".2"/><circle cx="${at(x)}" cy="${at(y)}" r="${at(radius)}" fill="${pop}"/>` +
    `<g fill="#000" opacity=".08"><circle cx="${at(x - radius * 0.3)}" cy="${at(y - radius * 0.2)}" r="${at(radius * 0.22)}"/><circle cx="${at(x + radius * 0.35)}" cy="${at(y + radius * 0.3)}" r="${at(radius * 0.16)}"/></g>` +
    `<path d="M0 ${at(height * 0.84)}Q${at(width * 0.3)} ${at(height * 0.76)} ${at(width * 0.55)} ${at(height * 0.84)}T${width} ${at(height * 0.8)}V${height}H0Z" fill="${ground}"/>`
  );
};

export const sunburst: Backdrop = ({ pop, accent }, { width, height }, random) => {
  const rays = 10 + random.integer(6);
  const fill = random.next() < 0.5 ? pop : accent;
  const wedge = Math.PI / rays;
  const body = repeat(rays, (i) => {
    const [a, b] = [2 * i * wedge, (2 * i + 1) * wedge];
    return `<path d="M0 0L${at(400 * Math.cos(a))} ${at(400 * Math.sin(a))}L${at(400 * Math.cos(b))} ${at(400 * Math.sin(b))}Z" fill="${fill}" opacity=".5"/>`;
  });
  return place(body, width / 2, height * between(random, 0.4, 0.6), 1, between(random, 0, 20));
};

export const clouds: Backdrop = ({ ground }, { width, height }, random) =>
  repeat(5, () => {
    const cloud =
      '<g fill="#fff" opacity=".85"><circle cx="-24" r="16"/><circle cy="-9" r="21"/><circle cx="26" r="15"/><rect x="-38" width="78" height="15" rx="7"/></g>';
    const [x, y] = [between(random, 0, width), between(random, 0.05, 0.6) * height];
    return place(cloud, x, y, between(random, 0.5, 1.2));
  }) +
  `<path d="M0 ${at(height * 0.8)}Q${at(width * 0.25)} ${at(height * 0.7)} ${at(width * 0.5)} ${at(height * 0.79)}T${width} ${at(height * 0.77)}V${height}H0Z" fill="${ground}"/>`;

export const smoke: Backdrop = ({ accent, ground }, { width, height }, random) =>
  repeat(22, () => {
    const y = between(random, 0.45, 1) * height;
    const fill = random.next() < 0.4 ? accent : ground;
    return `<circle cx="${at(between(random, 0, width))}" cy="${at(y)}" r="${at(between(random, 20, 62))}" fill="${fill}" opacity="${between(random, 0.12, 0.4).toFixed(2)}"/>`;
  });
