#!/usr/bin/env node
// Not in dist: npm links and marks executable what is there when it installs, before anything is built.
import '../dist/main.js';
