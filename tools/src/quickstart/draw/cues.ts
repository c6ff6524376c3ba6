import type { BackdropName } from './backdrops/index.js';
import type { FinishName } from './finishes.js';
import type { Genre } from './genres.js';
import type { LayoutName } from './layouts.js';
import type { LetteringName } from './lettering/styles.js';
import type { MotifName } from './motifs/index.js';
import type { PaletteName } from './palette.js';

/** What gives a genre away. Most cues are shared: a moon shines on lovers, ghosts and rockets alike. Twice means twice as likely. */
export interface Cues {
  readonly palettes: readonly PaletteName[];
  readonly backdrops: readonly BackdropName[];
  readonly motifs: readonly MotifName[];
  readonly letterings: readonly LetteringName[];
  readonly layouts: readonly LayoutName[];
  readonly finishes: readonly FinishName[];
}

export const CUES: Readonly<Record<Genre, Cues>> = {
  Action: {
    palettes: ['fire', 'fire', 'fire', 'steel', 'steel', 'neon'],
    backdrops: ['city', 'city', 'smoke', 'smoke', 'sunburst', 'blinds'],
    motifs: [
      'explosion',
      'helicopter',
      'crosshair',
      'runner',
      'explosion',
      'helicopter',
      'crosshair',
      'runner',
      'car',
      'bomb',
    ],
    letterings: ['speed', 'speed', 'stencil', 'poster', 'wide'],
    layouts: ['diagonal', 'diagonal', 'hero', 'tower'],
    finishes: ['vignette', 'scratches', 'none'],
  },
  Comedy: {
    palettes: ['candy', 'candy', 'candy', 'paper', 'paper', 'paper', 'picnic'],
    backdrops: ['dots', 'dots', 'confetti', 'confetti', 'sunburst', 'curtain', 'plain'],
    motifs: [
      'banana',
      'disguise',
      'pie',
      'grin',
      'banana',
      'disguise',
      'pie',
      'grin',
      'duck',
      'partyHat',
      'bomb',
      'masks',
    ],
    letterings: ['bubble', 'bubble', 'scrawl', 'poster'],
    layouts: ['row', 'scatter', 'hero', 'row'],
    finishes: ['none', 'none', 'halftone', 'border'],
  },
  Drama: {
    palettes: ['ash', 'ash', 'ash', 'dusk', 'dusk', 'sepia'],
    backdrops: ['rain', 'rain', 'blinds', 'blinds', 'curtain', 'sea', 'forest'],
    motifs: [
      'masks',
      'umbrella',
      'window',
      'loner',
      'masks',
      'umbrella',
      'window',
      'loner',
      'bareTree',
      'candle',
      'couple',
    ],
    letterings: ['quiet', 'quiet', 'roman', 'roman', 'ribbon'],
    layouts: ['small', 'small', 'tower', 'hero'],
    finishes: ['vignette', 'border', 'scratches', 'none'],
  },
  Family: {
    palettes: ['picnic', 'picnic', 'picnic', 'candy', 'cosmos'],
    backdrops: ['clouds', 'clouds', 'clouds', 'confetti', 'stars'],
    motifs: [
      'balloons',
      'dog',
      'kite',
      'bear',
      'rainbow',
      'balloons',
      'dog',
      'kite',
      'bear',
      'rainbow',
      'house',
      'duck',
      'rocket',
      'partyHat',
    ],
    letterings: ['bubble', 'bubble', 'ribbon', 'poster'],
    layouts: ['scatter', 'hero', 'row', 'scatter'],
    finishes: ['border', 'border', 'none', 'halftone'],
  },
  Horror: {
    palettes: ['grave', 'grave', 'grave', 'blood', 'blood', 'blood', 'dusk'],
    backdrops: ['graveyard', 'graveyard', 'graveyard', 'forest', 'forest', 'moon'],
    motifs: [
      'ghost',
      'bats',
      'skull',
      'graveHand',
      'pumpkin',
      'ghost',
      'bats',
      'skull',
      'graveHand',
      'pumpkin',
      'eyes',
      'bareTree',
      'candle',
    ],
    letterings: ['drip', 'drip', 'claw', 'claw', 'scrawl'],
    layouts: ['hero', 'tower', 'hero', 'scatter'],
    finishes: ['vignette', 'vignette', 'scratches'],
  },
  Romance: {
    palettes: ['pastel', 'pastel', 'pastel', 'wine', 'wine', 'wine', 'dusk'],
    backdrops: ['petals', 'petals', 'petals', 'disc', 'disc', 'sea', 'moon'],
    motifs: ['heart', 'rose', 'ring', 'couple', 'toast', 'heart', 'rose', 'ring', 'couple', 'tower', 'umbrella', 'car'],
    letterings: ['ribbon', 'ribbon', 'roman', 'quiet'],
    layouts: ['hero', 'small', 'row'],
    finishes: ['border', 'none', 'vignette'],
  },
  'Sci-Fi': {
    palettes: ['cosmos', 'cosmos', 'cosmos', 'neon', 'neon', 'neon', 'steel'],
    backdrops: ['grid', 'grid', 'grid', 'stars', 'stars', 'city'],
    motifs: [
      'planet',
      'ufo',
      'robot',
      'rayGun',
      'astronaut',
      'planet',
      'ufo',
      'robot',
      'rayGun',
      'astronaut',
      'rocket',
      'explosion',
      'eyes',
    ],
    letterings: ['neonTube', 'neonTube', 'wide', 'wide', 'stencil'],
    layouts: ['diagonal', 'hero', 'tower', 'scatter'],
    finishes: ['scanlines', 'scanlines', 'vignette', 'none'],
  },
  Western: {
    palettes: ['dust', 'dust', 'dust', 'dust', 'sepia', 'fire'],
    backdrops: ['desert', 'desert', 'desert', 'desert', 'sunburst', 'plain'],
    motifs: [
      'cactus',
      'cowboyHat',
      'horseshoe',
      'badge',
      'wheel',
      'gunslinger',
      'cactus',
      'cowboyHat',
      'horseshoe',
      'badge',
      'wheel',
      'gunslinger',
      'loner',
    ],
    letterings: ['slab', 'wanted', 'slab', 'wanted', 'roman'],
    layouts: ['hero', 'row', 'tower'],
    finishes: ['border', 'scratches', 'border'],
  },
};
