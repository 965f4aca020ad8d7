// As in Lockdown Mode, or in a browser without a JIT compiler.
delete window.WebAssembly;
