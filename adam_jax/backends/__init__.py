"""Where does a compiler not make one pass?  TPU kernels that run the leaf function on tiles of many leaves."""
