import type { Graph } from '../onnx/graph.js';

import type { BlockSize } from './layout.js';
import { probeBlockSize } from './probe.js';
import { hasTrainableConvs, toBlocked } from './to-blocked.js';

/** `auto`: blocks of channels wherever the probe found them right. `off`: graphs as they were recorded. */
export type NchwcOption = 'auto' | 'off';

/** Decides in which layout the graphs of an engine's training programs run. */
export interface LayoutChoice {
  /** The graph to run instead of `graph`. The first one with convolutions to train waits for the probe. */
  apply(graph: Graph): Promise<Graph>;
  /** What was chosen, in a few words. */
  describe(): string;
}

export function chooseLayout(
  option: NchwcOption,
  probe: () => Promise<BlockSize | undefined> = probeBlockSize,
): LayoutChoice {
  let chosen = option === 'off' ? 'off' : 'auto, not tried yet';
  return {
    async apply(graph) {
      if (option === 'off' || !hasTrainableConvs(graph)) return graph;
      const block = await probe();
      chosen = block ? `block ${block}` : 'not available';
      return block ? toBlocked(graph, block) : graph;
    },
    describe: () => chosen,
  };
}
