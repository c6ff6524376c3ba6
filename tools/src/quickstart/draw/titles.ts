import type { Random } from '@kindred/core';

import type { Genre } from './genres.js';
import type { MotifName } from './motifs/index.js';
import { pick } from './svg.js';

/** What a title calls the poster's hero. */
const NOUNS: Readonly<Record<MotifName, string>> = {
  explosion: 'BANG',
  helicopter: 'CHOPPER',
  car: 'CAR',
  crosshair: 'TARGET',
  runner: 'RUNNER',
  bomb: 'FUSE',
  banana: 'BANANA',
  disguise: 'MOUSTACHE',
  duck: 'DUCK',
  pie: 'PIE',
  partyHat: 'PARTY',
  grin: 'GRIN',
  masks: 'MASK',
  umbrella: 'UMBRELLA',
  bareTree: 'TREE',
  window: 'WINDOW',
  candle: 'CANDLE',
  loner: 'STRANGER',
  balloons: 'BALLOON',
  dog: 'DOG',
  house: 'HOUSE',
  kite: 'KITE',
  bear: 'BEAR',
  rainbow: 'RAINBOW',
  ghost: 'GHOST',
  bats: 'BAT',
  skull: 'SKULL',
  graveHand: 'HAND',
  pumpkin: 'PUMPKIN',
  eyes: 'EYES',
  heart: 'HEART',
  rose: 'ROSE',
  ring: 'RING',
  couple: 'KISS',
  toast: 'TOAST',
  tower: 'TOWER',
  planet: 'PLANET',
  ufo: 'SAUCER',
  rocket: 'ROCKET',
  robot: 'ROBOT',
  rayGun: 'RAY GUN',
  astronaut: 'VISITOR',
  cactus: 'CACTUS',
  cowboyHat: 'HAT',
  horseshoe: 'HORSESHOE',
  badge: 'BADGE',
  wheel: 'WAGON',
  gunslinger: 'GUN',
};

/** `*` is the noun. */
const TITLES: Readonly<Record<Genre, readonly string[]>> = {
  Action: ['MAXIMUM *', '* AT DAWN', 'NO TIME FOR *', 'THE LAST *', '* ZERO', 'DOUBLE *'],
  Comedy: ['OOPS! *!', 'WHO MOVED MY *', 'MEET THE *', 'HONEY! THE *!', 'MY BOSS THE *', 'DUDE! *!'],
  Drama: ['ONE * IN WINTER', 'THE QUIET *', 'THE * WE LOST', 'AFTER THE *', 'THE * YEARS'],
  Family: ['* AND ME', 'MY BIG *', 'THE LITTLE *', 'HOORAY FOR *', '* ON THE LOOSE'],
  Horror: ['* OF DOOM', 'THE * WAITS', 'DO NOT FEED THE *', 'CURSE OF THE *', 'IT CAME FOR THE *'],
  Romance: ['LOVE AND *', 'YOU ME AND *', '* FOR TWO', 'DEAREST *', 'ONE SUMMER *'],
  'Sci-Fi': ['* FROM MARS', '* 3000', 'BEYOND *', 'PLANET OF THE *', '* PRIME'],
  Western: ['HIGH *', 'A FISTFUL OF *', 'THE * RIDES AGAIN', 'SHERIFF *', '* COUNTRY'],
};

/** A title in the manner of `genre` about `hero`, in capitals. */
export const drawTitleText = (genre: Genre, hero: MotifName, random: Random): string =>
  pick(random, TITLES[genre]).replace('*', NOUNS[hero]);
