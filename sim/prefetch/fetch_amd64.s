#include "textflag.h"

// func fetch(first *Line, n int)
TEXT ·fetch(SB), NOSPLIT, $0-16
	MOVQ first+0(FP), AX
	MOVQ n+8(FP), CX

loop:
	MOVQ       (AX), BX
	PREFETCHT0 (BX)
	ADDQ       $8, AX
	DECQ       CX
	JNZ        loop
	RET
