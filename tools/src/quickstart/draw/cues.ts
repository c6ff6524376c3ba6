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
    palettes: ['fire', 'fire', 'steel', 'steel', 'neon', 'blood'],
    backdrops: ['city', 'smoke', 'sunburst', 'city', 'blinds', 'sea'],
    motifs: ['explosion', 'explosion', 'helicopter', 'car', 'crosshair', 'runner', 'bomb', 'gunslinger', 'rayGun'],
    letterings: ['speed', 'speed', 'stencil', 'poster', 'wide'],
    layouts: ['diagonal', 'diagonal', 'hero', 'tower'],
    finishes: ['vignette', 'scratches', 'none'],
  },
  Comedy: {
    palettes: ['candy', 'candy', 'paper', 'picnic', 'pastel'],
    backdrops: ['plain', 'dots', 'confetti', 'sunburst', 'disc', 'curtain'],
    motifs: ['banana', 'disguise', 'duck', 'pie', 'partyHat', 'grin', 'bomb', 'car', 'dog', 'masks'],
    letterings: ['bubble', 'bubble', 'scrawl', 'poster'],
    layouts: ['row', 'scatter', 'hero', 'row'],
    finishes: ['none', 'none', 'halftone', 'border'],
  },
  Drama: {
    palettes: ['ash', 'ash', 'dusk', 'dusk', 'sepia', 'wine'],
    backdrops: ['plain', 'rain', 'sea', 'curtain', 'blinds', 'forest'],
    motifs: ['masks', 'umbrella', 'bareTree', 'window', 'candle', 'loner', 'loner', 'couple', 'house'],
    letterings: ['quiet', 'quiet', 'roman', 'roman', 'ribbon'],
    layouts: ['small', 'small', 'tower', 'hero'],
    finishes: ['vignette', 'border', 'scratches', 'none'],
  },
  Family: {
    palettes: ['picnic', 'picnic', 'candy', 'pastel', 'cosmos'],
    backdrops: ['clouds', 'clouds', 'confetti', 'stars', 'dots', 'forest'],
    motifs: ['balloons', 'dog', 'house', 'kite', 'bear', 'rainbow', 'duck', 'rocket', 'partyHat'],
    letterings: ['bubble', 'bubble', 'ribbon', 'poster'],
    layouts: ['scatter', 'hero', 'row', 'scatter'],
    finishes: ['border', 'border', 'none', 'halftone'],
  },
  Horror: {
    palettes: ['grave', 'blood', 'grave', 'blood', 'dusk'],
    backdrops: ['moon', 'graveyard', 'forest', 'smoke', 'graveyard', 'rain'],
    motifs: ['ghost', 'bats', 'skull', 'graveHand', 'pumpkin', 'eyes', 'bareTree', 'candle', 'house'],
    letterings: ['drip', 'drip', 'claw', 'claw', 'scrawl'],
    layouts: ['hero', 'tower', 'hero', 'scatter'],
    finishes: ['vignette', 'vignette', 'scratches'],
  },
  Romance: {
    palettes: ['pastel', 'pastel', 'wine', 'wine', 'dusk', 'candy'],
    backdrops: ['petals', 'petals', 'sea', 'moon', 'disc', 'clouds'],
    motifs: ['heart', 'heart', 'rose', 'ring', 'couple', 'couple', 'toast', 'tower', 'umbrella', 'candle'],
    letterings: ['ribbon', 'ribbon', 'roman', 'quiet'],
    layouts: ['hero', 'small', 'row'],
    finishes: ['border', 'none', 'vignette'],
  },
  'Sci-Fi': {
    palettes: ['cosmos', 'cosmos', 'neon', 'neon', 'steel', 'grave'],
    backdrops: ['stars', 'stars', 'grid', 'grid', 'moon', 'city'],
    motifs: ['planet', 'planet', 'ufo', 'rocket', 'robot', 'rayGun', 'astronaut', 'explosion', 'eyes'],
    letterings: ['neonTube', 'neonTube', 'wide', 'wide', 'stencil'],
    layouts: ['diagonal', 'hero', 'tower', 'scatter'],
    finishes: ['scanlines', 'scanlines', 'vignette', 'none'],
  },
  Western: {
    palettes: ['dust', 'dust', 'dust', 'sepia', 'fire'],
    backdrops: ['desert', 'desert', 'desert', 'sunburst', 'plain'],
    motifs: ['cactus', 'cowboyHat', 'horseshoe', 'badge', 'wheel', 'gunslinger', 'gunslinger', 'cactus', 'loner'],
    letterings: ['slab', 'wanted', 'slab', 'wanted', 'roman'],
    layouts: ['hero', 'row', 'tower'],
    finishes: ['border', 'scratches', 'border'],
  },
};
