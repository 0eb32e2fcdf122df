; integrate_row of phase_kernel.py
declare i64 @llvm.smax.i64(i64, i64)
declare i64 @llvm.smin.i64(i64, i64)
define noundef i32 @integrate_row(ptr noalias writeonly %retptr, ptr noalias readnone %excinfo, ptr readonly %arg.logs_ptr, ptr %arg.past_ptr, ptr %arg.slope_ptr, ptr %arg.phase_ptr, ptr %arg.out_ptr, i64 %arg.count, i64 %arg.width, i64 %arg.first, i64 %arg.n_fft, i64 %arg.hop, ptr %arg.floats, ptr %arg.ints) local_unnamed_addr {
B0.endif.endif.endif.endif.endif.endif.endif.else:
  %.303 = shl nsw i64 %arg.width, 2
  %.304 = add nsw i64 %.303, 4
  %.345 = mul nsw i64 %arg.width, 3
  %.346 = add nsw i64 %.345, 4
  %.438 = icmp slt i64 %arg.width, 0
  br i1 %.438, label %B0.endif.endif.endif.endi...if, label %B0.endif.endif.endif.endi...endif

common.ret:                                       ; preds = %B478.endif, %B478.endif.us195, %B1990.loopexit.us, %B0.endif.endif.endif.endi...endif.4.endif.endif
  store ptr null, ptr %retptr, align 8
  ret i32 0

B0.endif.endif.endif.endi...if:                   ; preds = %B0.endif.endif.endif.endif.endif.endif.endif.else
  br label %B0.endif.endif.endif.endi...endif

B0.endif.endif.endif.endi...endif:                ; preds = %B0.endif.endif.endif.endi...if, %B0.endif.endif.endif.endif.endif.endif.endif.else
  %.418.sroa.0.3 = phi i64 [ %.304, %B0.endif.endif.endif.endi...if ], [ 0, %B0.endif.endif.endif.endif.endif.endif.endif.else ]
  %.447 = add i64 %.418.sroa.0.3, %arg.width
  %.450 = icmp slt i64 %.447, 0
  br i1 %.450, label %B0.endif.endif.endif.endi...endif.if, label %B0.endif.endif.endif.endi...endif.endif

B0.endif.endif.endif.endi...endif.if:             ; preds = %B0.endif.endif.endif.endi...endif
  br label %B0.endif.endif.endif.endi...endif.endif

B0.endif.endif.endif.endi...endif.endif:          ; preds = %B0.endif.endif.endif.endi...endif.if, %B0.endif.endif.endif.endi...endif
  %.418.sroa.13.1 = phi i64 [ 0, %B0.endif.endif.endif.endi...endif.if ], [ %.447, %B0.endif.endif.endif.endi...endif ]
  %.455.not = icmp slt i64 %.447, %.304
  br i1 %.455.not, label %B0.endif.endif.endif.endif.endif.endif.endif.endif.else, label %B0.endif.endif.endif.endi...endif.endif.if

B0.endif.endif.endif.endi...endif.endif.if:       ; preds = %B0.endif.endif.endif.endi...endif.endif
  br label %B0.endif.endif.endif.endif.endif.endif.endif.endif.else

B0.endif.endif.endif.endif.endif.endif.endif.endif.else: ; preds = %B0.endif.endif.endif.endi...endif.endif.if, %B0.endif.endif.endif.endi...endif.endif
  %.418.sroa.13.0 = phi i64 [ %.418.sroa.13.1, %B0.endif.endif.endif.endi...endif.endif ], [ %.304, %B0.endif.endif.endif.endi...endif.endif.if ]
  %0 = icmp slt i64 %.447, 0
  %.506 = sub i64 %.418.sroa.13.0, %.418.sroa.0.3
  %.515 = tail call i64 @llvm.smax.i64(i64 %.506, i64 0)
  %.531 = getelementptr double, ptr %arg.floats, i64 %.418.sroa.0.3
  %.564 = shl nsw i64 %arg.width, 1
  br i1 %0, label %B0.endif.endif.endif.endi...if.2, label %B0.endif.endif.endif.endi...endif.2

B0.endif.endif.endif.endi...if.2:                 ; preds = %B0.endif.endif.endif.endif.endif.endif.endif.endif.else
  br label %B0.endif.endif.endif.endi...endif.2

B0.endif.endif.endif.endi...endif.2:              ; preds = %B0.endif.endif.endif.endi...if.2, %B0.endif.endif.endif.endif.endif.endif.endif.endif.else
  %.591.sroa.0.1 = phi i64 [ 0, %B0.endif.endif.endif.endi...if.2 ], [ %.447, %B0.endif.endif.endif.endif.endif.endif.endif.endif.else ]
  %1 = icmp slt i64 %.447, %.304
  br i1 %1, label %B0.endif.endif.endif.endi...endif.2.endif, label %B0.endif.endif.endif.endi...endif.2.if

B0.endif.endif.endif.endi...endif.2.if:           ; preds = %B0.endif.endif.endif.endi...endif.2
  br label %B0.endif.endif.endif.endi...endif.2.endif

B0.endif.endif.endif.endi...endif.2.endif:        ; preds = %B0.endif.endif.endif.endi...endif.2.if, %B0.endif.endif.endif.endi...endif.2
  %.591.sroa.0.3 = phi i64 [ %.304, %B0.endif.endif.endif.endi...endif.2.if ], [ %.591.sroa.0.1, %B0.endif.endif.endif.endi...endif.2 ]
  %.620 = add i64 %.418.sroa.0.3, %.564
  %.623 = icmp slt i64 %.620, 0
  %.704 = getelementptr double, ptr %arg.floats, i64 %.591.sroa.0.3
  br i1 %.623, label %B0.endif.endif.endif.endi...else.if, label %B0.endif.endif.endif.endi...else.endif

B0.endif.endif.endif.endi...else.if:              ; preds = %B0.endif.endif.endif.endi...endif.2.endif
  br label %B0.endif.endif.endif.endi...else.endif

B0.endif.endif.endif.endi...else.endif:           ; preds = %B0.endif.endif.endif.endi...else.if, %B0.endif.endif.endif.endi...endif.2.endif
  %.763.sroa.0.1 = phi i64 [ 0, %B0.endif.endif.endif.endi...else.if ], [ %.620, %B0.endif.endif.endif.endi...endif.2.endif ]
  %2 = icmp slt i64 %.620, %.304
  br i1 %2, label %B0.endif.endif.endif.endi...endif.4.else, label %B0.endif.endif.endif.endi...else.endif.if

B0.endif.endif.endif.endi...else.endif.if:        ; preds = %B0.endif.endif.endif.endi...else.endif
  br label %B0.endif.endif.endif.endi...endif.4.else

B0.endif.endif.endif.endi...endif.4.else:         ; preds = %B0.endif.endif.endif.endi...else.endif.if, %B0.endif.endif.endif.endi...else.endif
  %.763.sroa.0.3 = phi i64 [ %.304, %B0.endif.endif.endif.endi...else.endif.if ], [ %.763.sroa.0.1, %B0.endif.endif.endif.endi...else.endif ]
  %.851 = sub i64 %.304, %.763.sroa.0.3
  %.860 = tail call i64 @llvm.smax.i64(i64 %.851, i64 0)
  %.876 = getelementptr double, ptr %arg.floats, i64 %.763.sroa.0.3
  %.987 = icmp slt i64 %arg.width, -1
  br i1 %.987, label %B0.endif.endif.endif.endi...endif.4.else.endif.if, label %B0.endif.endif.endif.endi...endif.4.else.endif.endif

B0.endif.endif.endif.endi...endif.4.else.endif.if: ; preds = %B0.endif.endif.endif.endi...endif.4.else
  br label %B0.endif.endif.endif.endi...endif.4.else.endif.endif

B0.endif.endif.endif.endi...endif.4.else.endif.endif: ; preds = %B0.endif.endif.endif.endi...endif.4.else.endif.if, %B0.endif.endif.endif.endi...endif.4.else
  %.967.sroa.0.3 = phi i64 [ %.346, %B0.endif.endif.endif.endi...endif.4.else.endif.if ], [ 0, %B0.endif.endif.endif.endi...endif.4.else ]
  %3 = icmp slt i64 %arg.width, 0
  %.995 = select i1 %3, i64 %.346, i64 0
  %.996 = add i64 %.995, %arg.width
  %.999 = icmp slt i64 %.996, 0
  br i1 %.999, label %B0.endif.endif.endif.endi...if.5, label %B0.endif.endif.endif.endi...endif.5

B0.endif.endif.endif.endi...if.5:                 ; preds = %B0.endif.endif.endif.endi...endif.4.else.endif.endif
  br label %B0.endif.endif.endif.endi...endif.5

B0.endif.endif.endif.endi...endif.5:              ; preds = %B0.endif.endif.endif.endi...if.5, %B0.endif.endif.endif.endi...endif.4.else.endif.endif
  %.967.sroa.13.1 = phi i64 [ 0, %B0.endif.endif.endif.endi...if.5 ], [ %.996, %B0.endif.endif.endif.endi...endif.4.else.endif.endif ]
  %.1004.not = icmp slt i64 %.996, %.346
  br i1 %.1004.not, label %B0.endif.endif.endif.endi...endif.4.endif.else, label %B0.endif.endif.endif.endi...endif.5.if

B0.endif.endif.endif.endi...endif.5.if:           ; preds = %B0.endif.endif.endif.endi...endif.5
  br label %B0.endif.endif.endif.endi...endif.4.endif.else

B0.endif.endif.endif.endi...endif.4.endif.else:   ; preds = %B0.endif.endif.endif.endi...endif.5.if, %B0.endif.endif.endif.endi...endif.5
  %.967.sroa.13.0 = phi i64 [ %.967.sroa.13.1, %B0.endif.endif.endif.endi...endif.5 ], [ %.346, %B0.endif.endif.endif.endi...endif.5.if ]
  %4 = icmp slt i64 %.996, 0
  %.1055 = sub i64 %.967.sroa.13.0, %.967.sroa.0.3
  %.1064 = tail call i64 @llvm.smax.i64(i64 %.1055, i64 0)
  %.1080 = getelementptr i64, ptr %arg.ints, i64 %.967.sroa.0.3
  br i1 %4, label %B0.endif.endif.endif.endi...endif.4.endif.else.if, label %B0.endif.endif.endif.endi...endif.4.endif.else.endif

B0.endif.endif.endif.endi...endif.4.endif.endif:  ; preds = %B0.endif.endif.endif.endi...if.7, %B0.endif.endif.endif.endi...endif.4.endif.else.endif
  %.1138.sroa.0.3 = phi i64 [ %.346, %B0.endif.endif.endif.endi...if.7 ], [ %.1138.sroa.0.1, %B0.endif.endif.endif.endi...endif.4.endif.else.endif ]
  %.1226 = sub i64 %.346, %.1138.sroa.0.3
  %.1235 = tail call i64 @llvm.smax.i64(i64 %.1226, i64 0)
  %.1251 = getelementptr i64, ptr %arg.ints, i64 %.1138.sroa.0.3
  %.1305 = sitofp i64 %arg.n_fft to double
  %.1306 = fmul double %.1305, 2.564500e-01
  %.1309 = fmul double %.1306, %.1305
  %.1312 = mul nsw i64 %arg.hop, %arg.n_fft
  %.1313 = sitofp i64 %.1312 to double
  %.1317 = fdiv double %.1313, %.1309
  %.1321 = fneg double %.1309
  %.1329 = fdiv double %.1321, %.1313
  %.14131718.not = icmp slt i64 %arg.count, 1
  br i1 %.14131718.not, label %common.ret, label %B478.endif.lr.ph

B478.endif.lr.ph:                                 ; preds = %B0.endif.endif.endif.endi...endif.4.endif.endif
  %.1602 = add i64 %arg.width, -1
  %.1787 = icmp sgt i64 %arg.width, 0
  %.1995 = sitofp i64 %arg.hop to double
  %.1996 = fmul double %.1995, 0x401921FB54442D18
  %5 = getelementptr double, ptr %arg.past_ptr, i64 %arg.width
  %.1940 = icmp slt i64 %.1602, 0
  %.1941 = select i1 %.1940, i64 %arg.width, i64 0
  br i1 %.1787, label %B478.endif.us.preheader, label %B478.endif.lr.ph.split

B478.endif.us.preheader:                          ; preds = %B478.endif.lr.ph
  %.13.i133.us.peel = tail call i64 @llvm.smin.i64(i64 %.1602, i64 1)
  %.1989.us.peel = sitofp i64 %.13.i133.us.peel to double
  %.1998.us.peel = fmul double %.1996, 0.000000e+00
  %.2004.us.peel = fdiv double %.1998.us.peel, %.1305
  %6 = add nsw i64 %arg.width, -2
  %xtraiter = and i64 %.1602, 3
  %unroll_iter = and i64 %.1602, 9223372036854775804
  %scevgep = getelementptr i8, ptr %arg.logs_ptr, i64 32
  %7 = shl i64 %arg.width, 3
  br label %B478.endif.us

B478.endif.us:                                    ; preds = %B478.endif.us.preheader, %B1990.loopexit.us
  %lsr.iv262 = phi ptr [ %arg.out_ptr, %B478.endif.us.preheader ], [ %scevgep263, %B1990.loopexit.us ]
  %lsr.iv240 = phi ptr [ %arg.logs_ptr, %B478.endif.us.preheader ], [ %scevgep241, %B1990.loopexit.us ]
  %lsr.iv = phi ptr [ %scevgep, %B478.endif.us.preheader ], [ %scevgep232, %B1990.loopexit.us ]
  %.141916281725.us = phi i64 [ %.1426.us, %B1990.loopexit.us ], [ 0, %B478.endif.us.preheader ]
  %8 = icmp slt i64 %.1602, 1
  %.1426.us = add nuw nsw i64 %.141916281725.us, 1
  %.1492.us = mul i64 %.141916281725.us, %arg.width
  %.1494.us = getelementptr double, ptr %arg.logs_ptr, i64 %.1492.us
  %.1561.us = load double, ptr %.1494.us, align 8
  br i1 %8, label %B594.endif.us, label %B544.backedge.us.preheader

B544.backedge.us.preheader:                       ; preds = %B478.endif.us
  %9 = icmp ult i64 %6, 3
  br i1 %9, label %B544.backedge.us.epil.preheader, label %B544.backedge.us.preheader229

B544.backedge.us.preheader229:                    ; preds = %B544.backedge.us.preheader
  br label %B544.backedge.us

B544.backedge.us:                                 ; preds = %B544.backedge.us.preheader229, %B544.backedge.us
  %peak.2.11583.us = phi double [ %.13.i.us.3, %B544.backedge.us ], [ %.1561.us, %B544.backedge.us.preheader229 ]
  %niter = phi i64 [ %niter.next.3, %B544.backedge.us ], [ 0, %B544.backedge.us.preheader229 ]
  %10 = shl i64 %niter, 3
  %scevgep238 = getelementptr i8, ptr %lsr.iv, i64 %10
  %scevgep239 = getelementptr i8, ptr %scevgep238, i64 -24
  %.1712.us = load double, ptr %scevgep239, align 8
  %.12.i.us = fcmp ogt double %.1712.us, %peak.2.11583.us
  %.13.i.us = select i1 %.12.i.us, double %.1712.us, double %peak.2.11583.us
  %11 = shl i64 %niter, 3
  %scevgep236 = getelementptr i8, ptr %lsr.iv, i64 %11
  %scevgep237 = getelementptr i8, ptr %scevgep236, i64 -16
  %.1712.us.1 = load double, ptr %scevgep237, align 8
  %.12.i.us.1 = fcmp ogt double %.1712.us.1, %.13.i.us
  %.13.i.us.1 = select i1 %.12.i.us.1, double %.1712.us.1, double %.13.i.us
  %12 = shl i64 %niter, 3
  %scevgep234 = getelementptr i8, ptr %lsr.iv, i64 %12
  %scevgep235 = getelementptr i8, ptr %scevgep234, i64 -8
  %.1712.us.2 = load double, ptr %scevgep235, align 8
  %.12.i.us.2 = fcmp ogt double %.1712.us.2, %.13.i.us.1
  %.13.i.us.2 = select i1 %.12.i.us.2, double %.1712.us.2, double %.13.i.us.1
  %13 = shl i64 %niter, 3
  %scevgep233 = getelementptr i8, ptr %lsr.iv, i64 %13
  %.1712.us.3 = load double, ptr %scevgep233, align 8
  %.12.i.us.3 = fcmp ogt double %.1712.us.3, %.13.i.us.2
  %.13.i.us.3 = select i1 %.12.i.us.3, double %.1712.us.3, double %.13.i.us.2
  %niter.next.3 = add i64 %niter, 4
  %niter.ncmp.3 = icmp eq i64 %unroll_iter, %niter.next.3
  br i1 %niter.ncmp.3, label %B594.endif.us.loopexit.unr-lcssa, label %B544.backedge.us

B594.endif.us.loopexit.unr-lcssa:                 ; preds = %B544.backedge.us
  %14 = icmp eq i64 %xtraiter, 0
  %15 = add i64 %niter.next.3, 1
  br i1 %14, label %B594.endif.us, label %B544.backedge.us.epil.preheader

B544.backedge.us.epil.preheader:                  ; preds = %B594.endif.us.loopexit.unr-lcssa, %B544.backedge.us.preheader
  %peak.2.11583.us.epil.init = phi double [ %.1561.us, %B544.backedge.us.preheader ], [ %.13.i.us.3, %B594.endif.us.loopexit.unr-lcssa ]
  %.165115791581.us.epil.init = phi i64 [ 1, %B544.backedge.us.preheader ], [ %15, %B594.endif.us.loopexit.unr-lcssa ]
  %16 = shl i64 %.165115791581.us.epil.init, 3
  %scevgep242 = getelementptr i8, ptr %lsr.iv240, i64 %16
  br label %B544.backedge.us.epil

B544.backedge.us.epil:                            ; preds = %B544.backedge.us.epil, %B544.backedge.us.epil.preheader
  %peak.2.11583.us.epil = phi double [ %.13.i.us.epil, %B544.backedge.us.epil ], [ %peak.2.11583.us.epil.init, %B544.backedge.us.epil.preheader ]
  %epil.iter = phi i64 [ %epil.iter.next, %B544.backedge.us.epil ], [ 0, %B544.backedge.us.epil.preheader ]
  %17 = shl nuw nsw i64 %epil.iter, 3
  %scevgep243 = getelementptr i8, ptr %scevgep242, i64 %17
  %.1712.us.epil = load double, ptr %scevgep243, align 8
  %.12.i.us.epil = fcmp ogt double %.1712.us.epil, %peak.2.11583.us.epil
  %.13.i.us.epil = select i1 %.12.i.us.epil, double %.1712.us.epil, double %peak.2.11583.us.epil
  %epil.iter.next = add i64 %epil.iter, 1
  %epil.iter.cmp.not = icmp eq i64 %xtraiter, %epil.iter.next
  br i1 %epil.iter.cmp.not, label %B594.endif.us, label %B544.backedge.us.epil

B594.endif.us:                                    ; preds = %B544.backedge.us.epil, %B594.endif.us.loopexit.unr-lcssa, %B478.endif.us
  %peak.2.1.lcssa.us = phi double [ %.1561.us, %B478.endif.us ], [ %.13.i.us.3, %B594.endif.us.loopexit.unr-lcssa ], [ %.13.i.us.epil, %B544.backedge.us.epil ]
  %18 = icmp eq i64 %arg.width, 1
  %invariant.gep.us = getelementptr double, ptr %.1494.us, i64 %.1941
  %gep.us.peel = getelementptr double, ptr %invariant.gep.us, i64 %.13.i133.us.peel
  %.1956.us.peel = load double, ptr %gep.us.peel, align 8
  %.1987.us.peel = fsub double %.1956.us.peel, %.1561.us
  %.1993.us.peel = fdiv double %.1987.us.peel, %.1989.us.peel
  %.2006.us.peel = fmul double %.1317, %.1993.us.peel
  %.2007.us.peel = fadd double %.2004.us.peel, %.2006.us.peel
  store double %.2007.us.peel, ptr %.531, align 8
  %.2067.us.peel = load double, ptr %.1494.us, align 8
  %.2068.us.peel = fmul double %.2067.us.peel, 1.500000e+00
  %sunkaddr = mul i64 %arg.width, 8
  %sunkaddr269 = getelementptr i8, ptr %arg.past_ptr, i64 %sunkaddr
  %.2122.us.peel = load double, ptr %sunkaddr269, align 8
  %.2123.us.peel = fmul double %.2122.us.peel, 2.000000e+00
  %.2124.us.peel = fsub double %.2068.us.peel, %.2123.us.peel
  %.2178.us.peel = load double, ptr %arg.past_ptr, align 8
  %.2179.us.peel = fmul double %.2178.us.peel, 5.000000e-01
  %.2180.us.peel = fadd double %.2124.us.peel, %.2179.us.peel
  %.2182.us.peel = fmul double %.1329, %.2180.us.peel
  store double %.2182.us.peel, ptr %.704, align 8
  br i1 %18, label %B898.endif.us, label %B626.endif.endif.us.preheader

B626.endif.endif.us.preheader:                    ; preds = %B594.endif.us
  br label %B626.endif.endif.us

B626.endif.endif.us:                              ; preds = %B626.endif.endif.us.preheader, %B626.endif.endif.us
  %lsr.iv245 = phi i64 [ 0, %B626.endif.endif.us.preheader ], [ %lsr.iv.next246, %B626.endif.endif.us ]
  %lsr.iv244 = phi i64 [ 2, %B626.endif.endif.us.preheader ], [ %lsr.iv.next, %B626.endif.endif.us ]
  %.183515881591.us = phi i64 [ %.1842.us, %B626.endif.endif.us ], [ 1, %B626.endif.endif.us.preheader ]
  %smin = call i64 @llvm.smin.i64(i64 %lsr.iv244, i64 %.1602)
  %19 = add i64 %smin, %lsr.iv245
  %.1842.us = add nuw nsw i64 %.183515881591.us, 1
  %20 = add i64 %.183515881591.us, 1
  %.13.i133.us = tail call i64 @llvm.smin.i64(i64 %.1602, i64 %20)
  %gep.us = getelementptr double, ptr %invariant.gep.us, i64 %.13.i133.us
  %.1956.us = load double, ptr %gep.us, align 8
  %21 = shl i64 %.183515881591.us, 3
  %scevgep247 = getelementptr i8, ptr %lsr.iv240, i64 %21
  %scevgep248 = getelementptr i8, ptr %scevgep247, i64 -8
  %.1986.us = load double, ptr %scevgep248, align 8
  %.1987.us = fsub double %.1956.us, %.1986.us
  %.1989.us = sitofp i64 %19 to double
  %.1993.us = fdiv double %.1987.us, %.1989.us
  %.1997.us = uitofp i64 %.183515881591.us to double
  %.1998.us = fmul double %.1996, %.1997.us
  %.2004.us = fdiv double %.1998.us, %.1305
  %.2006.us = fmul double %.1317, %.1993.us
  %.2007.us = fadd double %.2004.us, %.2006.us
  %22 = shl i64 %.183515881591.us, 3
  %scevgep253 = getelementptr i8, ptr %.531, i64 %22
  store double %.2007.us, ptr %scevgep253, align 8
  %23 = shl i64 %.183515881591.us, 3
  %scevgep249 = getelementptr i8, ptr %lsr.iv240, i64 %23
  %.2067.us = load double, ptr %scevgep249, align 8
  %.2068.us = fmul double %.2067.us, 1.500000e+00
  %scevgep252 = getelementptr i8, ptr %5, i64 %23
  %.2122.us = load double, ptr %scevgep252, align 8
  %.2123.us = fmul double %.2122.us, 2.000000e+00
  %.2124.us = fsub double %.2068.us, %.2123.us
  %24 = shl i64 %.183515881591.us, 3
  %scevgep251 = getelementptr i8, ptr %arg.past_ptr, i64 %24
  %.2178.us = load double, ptr %scevgep251, align 8
  %.2179.us = fmul double %.2178.us, 5.000000e-01
  %.2180.us = fadd double %.2124.us, %.2179.us
  %.2182.us = fmul double %.1329, %.2180.us
  %25 = shl i64 %.183515881591.us, 3
  %scevgep250 = getelementptr i8, ptr %.704, i64 %25
  store double %.2182.us, ptr %scevgep250, align 8
  %lsr.iv.next = add nuw i64 %lsr.iv244, 1
  %lsr.iv.next246 = add nsw i64 %lsr.iv245, -1
  %exitcond1874.not.us = icmp eq i64 %arg.width, %.1842.us
  br i1 %exitcond1874.not.us, label %B898.endif.us, label %B626.endif.endif.us

B898.endif.us:                                    ; preds = %B626.endif.endif.us, %B594.endif.us
  %.2389.us = fadd double %peak.2.1.lcssa.us, -1.380000e+01
  %.2472.us = add nsw i64 %.141916281725.us, %arg.first
  %26 = getelementptr double, ptr %arg.out_ptr, i64 %.1492.us
  %.6.i.us = mul i64 %.2472.us, -7046029254386353131
  br label %B938.us

B938.us:                                          ; preds = %B1995.us, %B898.endif.us
  %left.5.11603.us = phi i64 [ 0, %B898.endif.us ], [ %left.6.2.us, %B1995.us ]
  %size.6.11602.us = phi i64 [ 0, %B898.endif.us ], [ %size.7.2.us, %B1995.us ]
  %.231815971600.us = phi i64 [ 0, %B898.endif.us ], [ %.2325.us, %B1995.us ]
  %.2325.us = add nuw nsw i64 %.231815971600.us, 1
  %27 = getelementptr double, ptr %.1494.us, i64 %.231815971600.us
  %.2387.us = load double, ptr %27, align 8
  %.2390.us = fcmp olt double %.2387.us, %.2389.us
  %28 = getelementptr i64, ptr %.1080, i64 %.231815971600.us
  %.2422.us = zext i1 %.2390.us to i64
  store i64 %.2422.us, ptr %28, align 8
  br i1 %.2390.us, label %B1002.endif.us, label %B1052.us

B1052.us:                                         ; preds = %B938.us
  %.2558.us = add nsw i64 %left.5.11603.us, 1
  %29 = getelementptr double, ptr %5, i64 %.231815971600.us
  %.2618.us = load double, ptr %29, align 8
  %.48.i.us = icmp sgt i64 %size.6.11602.us, 0
  br i1 %.48.i.us, label %B20.i.us.preheader, label %_ZN6legato6models12phase_kernel5_pushB3v18B44c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsBAK4JIagIAE5ArrayIdLi1E1C7mutable7alignedE5ArrayIxLi1E1C7mutable7alignedExdx.exit.us

B20.i.us.preheader:                               ; preds = %B1052.us
  br label %B20.i.us

B20.i.us:                                         ; preds = %B20.i.us.preheader, %B62.i.us
  %i.2.0.i.us = phi i64 [ %.57.i.us, %B62.i.us ], [ %size.6.11602.us, %B20.i.us.preheader ]
  %.56.i.us = add nsw i64 %i.2.0.i.us, -1
  %.57.i.us = lshr i64 %.56.i.us, 1
  %.90.i.us = getelementptr double, ptr %.876, i64 %.57.i.us
  %.91.i.us = load double, ptr %.90.i.us, align 8
  %.93.i.us = fcmp ult double %.91.i.us, %.2618.us
  br i1 %.93.i.us, label %B62.i.us, label %_ZN6legato6models12phase_kernel5_pushB3v18B44c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsBAK4JIagIAE5ArrayIdLi1E1C7mutable7alignedE5ArrayIxLi1E1C7mutable7alignedExdx.exit.us

B62.i.us:                                         ; preds = %B20.i.us
  %.163.i.us = getelementptr double, ptr %.876, i64 %i.2.0.i.us
  store double %.91.i.us, ptr %.163.i.us, align 8
  %.194.i.us = getelementptr i64, ptr %.1251, i64 %.57.i.us
  %.195.i.us = load i64, ptr %.194.i.us, align 8
  %.225.i.us = getelementptr i64, ptr %.1251, i64 %i.2.0.i.us
  store i64 %.195.i.us, ptr %.225.i.us, align 8
  %.234.not.i.us = icmp eq i64 %.57.i.us, 0
  br i1 %.234.not.i.us, label %_ZN6legato6models12phase_kernel5_pushB3v18B44c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsBAK4JIagIAE5ArrayIdLi1E1C7mutable7alignedE5ArrayIxLi1E1C7mutable7alignedExdx.exit.us, label %B20.i.us

_ZN6legato6models12phase_kernel5_pushB3v18B44c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsBAK4JIagIAE5ArrayIdLi1E1C7mutable7alignedE5ArrayIxLi1E1C7mutable7alignedExdx.exit.us: ; preds = %B20.i.us, %B62.i.us, %B1052.us
  %i.3.1.i.us = phi i64 [ %size.6.11602.us, %B1052.us ], [ 0, %B62.i.us ], [ %i.2.0.i.us, %B20.i.us ]
  %.258.i.us = icmp slt i64 %i.3.1.i.us, 0
  %.259.i.us = select i1 %.258.i.us, i64 %.860, i64 0
  %30 = getelementptr double, ptr %.876, i64 %i.3.1.i.us
  %.273.i.us = getelementptr double, ptr %30, i64 %.259.i.us
  store double %.2618.us, ptr %.273.i.us, align 8
  %.298.i.us = select i1 %.258.i.us, i64 %.1235, i64 0
  %31 = getelementptr i64, ptr %.1251, i64 %i.3.1.i.us
  %.312.i.us = getelementptr i64, ptr %31, i64 %.298.i.us
  store i64 %.231815971600.us, ptr %.312.i.us, align 8
  %.324.i.us = add nsw i64 %size.6.11602.us, 1
  br label %B1995.us

B1002.endif.us:                                   ; preds = %B938.us
  %.7.i.us = mul i64 %.231815971600.us, -3335678366873096957
  %.8.i.us = add i64 %.7.i.us, %.6.i.us
  %.9.i.us = lshr i64 %.8.i.us, 30
  %.10.i.us = xor i64 %.9.i.us, %.8.i.us
  %.11.i.us = mul i64 %.10.i.us, -4658895280553007687
  %.12.i24.us = lshr i64 %.11.i.us, 27
  %.13.i25.us = xor i64 %.12.i24.us, %.11.i.us
  %.14.i.us = mul i64 %.13.i25.us, -7723592293110705685
  %32 = lshr i64 %.14.i.us, 42
  %33 = lshr i64 %.14.i.us, 11
  %.17.i.us = xor i64 %32, %33
  %.18.i.us = uitofp i64 %.17.i.us to double
  %.19.i.us = fmul double %.18.i.us, 0x3CA0000000000000
  %.20.i.us = fadd double %.19.i.us, -5.000000e-01
  %.21.i.us = fmul double %.20.i.us, 0x401921FB54442D18
  %34 = getelementptr double, ptr %26, i64 %.231815971600.us
  store double %.21.i.us, ptr %34, align 8
  br label %B1995.us

B1995.us:                                         ; preds = %B1002.endif.us, %_ZN6legato6models12phase_kernel5_pushB3v18B44c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsBAK4JIagIAE5ArrayIdLi1E1C7mutable7alignedE5ArrayIxLi1E1C7mutable7alignedExdx.exit.us
  %size.7.2.us = phi i64 [ %size.6.11602.us, %B1002.endif.us ], [ %.324.i.us, %_ZN6legato6models12phase_kernel5_pushB3v18B44c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsBAK4JIagIAE5ArrayIdLi1E1C7mutable7alignedE5ArrayIxLi1E1C7mutable7alignedExdx.exit.us ]
  %left.6.2.us = phi i64 [ %left.5.11603.us, %B1002.endif.us ], [ %.2558.us, %_ZN6legato6models12phase_kernel5_pushB3v18B44c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsBAK4JIagIAE5ArrayIdLi1E1C7mutable7alignedE5ArrayIxLi1E1C7mutable7alignedExdx.exit.us ]
  %exitcond1875.not.us = icmp eq i64 %arg.width, %.2325.us
  br i1 %exitcond1875.not.us, label %B1118.preheader.us, label %B938.us

B1118.preheader.us:                               ; preds = %B1995.us
  %.26791608.us = icmp sgt i64 %left.6.2.us, 0
  br i1 %.26791608.us, label %B1132.us.preheader, label %B1842.endif.us.preheader

B1132.us.preheader:                               ; preds = %B1118.preheader.us
  br label %B1132.us

B1132.us:                                         ; preds = %B1354.us, %B1796.us, %B1132.us.preheader
  %size.8.2.us = phi i64 [ %size.7.2.us, %B1132.us.preheader ], [ %size.9.4.us, %B1796.us ], [ %size.12.2.us, %B1354.us ]
  %left.9.2.us = phi i64 [ %left.6.2.us, %B1132.us.preheader ], [ %left.10.4.us, %B1796.us ], [ %left.8.2.us, %B1354.us ]
  %.2715.us = load i64, ptr %.1251, align 8
  %.33.i.us = add nsw i64 %size.8.2.us, -1
  %.51.i.us = icmp slt i64 %size.8.2.us, 1
  %.52.i.us = select i1 %.51.i.us, i64 %.860, i64 0
  %35 = getelementptr double, ptr %.876, i64 %.33.i.us
  %.66.i.us = getelementptr double, ptr %35, i64 %.52.i.us
  %.67.i.us = load double, ptr %.66.i.us, align 8
  %.83.i.us = select i1 %.51.i.us, i64 %.1235, i64 0
  %36 = getelementptr i64, ptr %.1251, i64 %.33.i.us
  %.97.i.us = getelementptr i64, ptr %36, i64 %.83.i.us
  %.98.i.us = load i64, ptr %.97.i.us, align 8
  %.117.not191.i.us = icmp sgt i64 %size.8.2.us, 2
  br i1 %.117.not191.i.us, label %B82.i.us.preheader, label %B1132.endif.us

B82.i.us.preheader:                               ; preds = %B1132.us
  br label %B82.i.us

B82.i.us:                                         ; preds = %B82.i.us.preheader, %B178.i.us
  %.111194.i.us = phi i64 [ %.111.i.us, %B178.i.us ], [ 1, %B82.i.us.preheader ]
  %.110193.i.us = phi i64 [ %.110.i.us, %B178.i.us ], [ 0, %B82.i.us.preheader ]
  %i.2.0192.i.us = phi i64 [ %child.2.1.i.us, %B178.i.us ], [ 0, %B82.i.us.preheader ]
  %.127.i.us = add nsw i64 %.110193.i.us, 2
  %.129.i.us = icmp slt i64 %.127.i.us, %.33.i.us
  br i1 %.129.i.us, label %B100.i.us, label %B152.i.us

B100.i.us:                                        ; preds = %B82.i.us
  %.149.i.us = icmp slt i64 %i.2.0192.i.us, -1
  %.150.i.us = select i1 %.149.i.us, i64 %.860, i64 0
  %37 = getelementptr double, ptr %.876, i64 %.127.i.us
  %.164.i.us = getelementptr double, ptr %37, i64 %.150.i.us
  %.165.i.us = load double, ptr %.164.i.us, align 8
  %.180.i.us = icmp slt i64 %i.2.0192.i.us, 0
  %.181.i.us = select i1 %.180.i.us, i64 %.860, i64 0
  %38 = getelementptr double, ptr %.876, i64 %.111194.i.us
  %.195.i26.us = getelementptr double, ptr %38, i64 %.181.i.us
  %.196.i.us = load double, ptr %.195.i26.us, align 8
  %.197.i.us = fcmp ogt double %.165.i.us, %.196.i.us
  br i1 %.197.i.us, label %B142.i.us, label %B152.i.us

B142.i.us:                                        ; preds = %B100.i.us
  br label %B152.i.us

B152.i.us:                                        ; preds = %B142.i.us, %B100.i.us, %B82.i.us
  %child.2.1.i.us = phi i64 [ %.127.i.us, %B142.i.us ], [ %.111194.i.us, %B100.i.us ], [ %.111194.i.us, %B82.i.us ]
  %.222.i.us = icmp slt i64 %child.2.1.i.us, 0
  %.223.i.us = select i1 %.222.i.us, i64 %.860, i64 0
  %39 = getelementptr double, ptr %.876, i64 %child.2.1.i.us
  %.237.i.us = getelementptr double, ptr %39, i64 %.223.i.us
  %.238.i.us = load double, ptr %.237.i.us, align 8
  %.240.i.us = fcmp ugt double %.238.i.us, %.67.i.us
  br i1 %.240.i.us, label %B178.i.us, label %B1132.endif.us

B178.i.us:                                        ; preds = %B152.i.us
  %40 = icmp slt i64 %child.2.1.i.us, 0
  %.290.i.us = icmp slt i64 %i.2.0192.i.us, 0
  %.291.i.us = select i1 %.290.i.us, i64 %.860, i64 0
  %41 = getelementptr double, ptr %.876, i64 %i.2.0192.i.us
  %.305.i.us = getelementptr double, ptr %41, i64 %.291.i.us
  store double %.238.i.us, ptr %.305.i.us, align 8
  %.322.i.us = select i1 %40, i64 %.1235, i64 0
  %42 = getelementptr i64, ptr %.1251, i64 %child.2.1.i.us
  %.336.i.us = getelementptr i64, ptr %42, i64 %.322.i.us
  %.337.i.us = load i64, ptr %.336.i.us, align 8
  %.353.i.us = select i1 %.290.i.us, i64 %.1235, i64 0
  %43 = getelementptr i64, ptr %.1251, i64 %i.2.0192.i.us
  %.367.i.us = getelementptr i64, ptr %43, i64 %.353.i.us
  store i64 %.337.i.us, ptr %.367.i.us, align 8
  %.110.i.us = shl nsw i64 %child.2.1.i.us, 1
  %.111.i.us = or i64 %.110.i.us, 1
  %.117.not.i.us = icmp slt i64 %.111.i.us, %.33.i.us
  br i1 %.117.not.i.us, label %B82.i.us, label %B1132.endif.us

B1132.endif.us:                                   ; preds = %B152.i.us, %B178.i.us, %B1132.us
  %i.2.0.lcssa.i.us = phi i64 [ 0, %B1132.us ], [ %child.2.1.i.us, %B178.i.us ], [ %i.2.0192.i.us, %B152.i.us ]
  %.390.i.us = icmp slt i64 %i.2.0.lcssa.i.us, 0
  %.391.i.us = select i1 %.390.i.us, i64 %.860, i64 0
  %44 = getelementptr double, ptr %.876, i64 %i.2.0.lcssa.i.us
  %.405.i.us = getelementptr double, ptr %44, i64 %.391.i.us
  store double %.67.i.us, ptr %.405.i.us, align 8
  %.430.i.us = select i1 %.390.i.us, i64 %.1235, i64 0
  %45 = getelementptr i64, ptr %.1251, i64 %i.2.0.lcssa.i.us
  %.444.i.us = getelementptr i64, ptr %45, i64 %.430.i.us
  store i64 %.98.i.us, ptr %.444.i.us, align 8
  %.2758.us = icmp slt i64 %.2715.us, %arg.width
  br i1 %.2758.us, label %B1194.us, label %B1356.us

B1356.us:                                         ; preds = %B1132.endif.us
  %.3092.us = sub nsw i64 %.2715.us, %arg.width
  %.3099.us = add nuw nsw i64 %.3092.us, 1
  %.3101.us = icmp slt i64 %.3099.us, %arg.width
  br i1 %.3101.us, label %B1384.us, label %B1584.us

B1384.us:                                         ; preds = %B1356.us
  %sunkaddr270 = mul i64 %.3092.us, 8
  %sunkaddr271 = getelementptr i8, ptr %.1080, i64 %sunkaddr270
  %sunkaddr272 = getelementptr i8, ptr %sunkaddr271, i64 8
  %.3140.us = load i64, ptr %sunkaddr272, align 8
  %.3141.not.us = icmp eq i64 %.3140.us, 0
  br i1 %.3141.not.us, label %B1406.us, label %B1584.us

B1406.us:                                         ; preds = %B1384.us
  %46 = getelementptr double, ptr %26, i64 %.3092.us
  %.3196.us = load double, ptr %46, align 8
  %47 = getelementptr double, ptr %.704, i64 %.3092.us
  %.3229.us = load double, ptr %47, align 8
  %sunkaddr273 = mul i64 %.3092.us, 8
  %sunkaddr274 = getelementptr i8, ptr %.704, i64 %sunkaddr273
  %sunkaddr275 = getelementptr i8, ptr %sunkaddr274, i64 8
  %.3261.us = load double, ptr %sunkaddr275, align 8
  %.3262.us = fadd double %.3229.us, %.3261.us
  %.3263.us = fmul double %.3262.us, 5.000000e-01
  %.3264.us = fadd double %.3196.us, %.3263.us
  %sunkaddr276 = mul i64 %.3092.us, 8
  %sunkaddr277 = getelementptr i8, ptr %26, i64 %sunkaddr276
  %sunkaddr278 = getelementptr i8, ptr %sunkaddr277, i64 8
  store double %.3264.us, ptr %sunkaddr278, align 8
  %sunkaddr279 = mul i64 %.3092.us, 8
  %sunkaddr280 = getelementptr i8, ptr %.1080, i64 %sunkaddr279
  %sunkaddr281 = getelementptr i8, ptr %sunkaddr280, i64 8
  store i64 1, ptr %sunkaddr281, align 8
  %.3357.us = add nsw i64 %left.9.2.us, -1
  %sunkaddr282 = mul i64 %.3092.us, 8
  %sunkaddr283 = getelementptr i8, ptr %.1494.us, i64 %sunkaddr282
  %sunkaddr284 = getelementptr i8, ptr %sunkaddr283, i64 8
  %.3394.us = load double, ptr %sunkaddr284, align 8
  %.3398.us = add nuw i64 %.2715.us, 1
  %.48.i49.us = icmp sgt i64 %size.8.2.us, 1
  br i1 %.48.i49.us, label %B20.i57.us.preheader, label %_ZN6legato6models12phase_kernel5_pushB3v18B44c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsBAK4JIagIAE5ArrayIdLi1E1C7mutable7alignedE5ArrayIxLi1E1C7mutable7alignedExdx.exit70.us

B20.i57.us.preheader:                             ; preds = %B1406.us
  br label %B20.i57.us

B20.i57.us:                                       ; preds = %B20.i57.us.preheader, %B62.i64.us
  %i.2.0.i58.us = phi i64 [ %.57.i60.us, %B62.i64.us ], [ %.33.i.us, %B20.i57.us.preheader ]
  %.56.i59.us = add nsw i64 %i.2.0.i58.us, -1
  %.57.i60.us = lshr i64 %.56.i59.us, 1
  %.90.i61.us = getelementptr double, ptr %.876, i64 %.57.i60.us
  %.91.i62.us = load double, ptr %.90.i61.us, align 8
  %.93.i63.us = fcmp ult double %.91.i62.us, %.3394.us
  br i1 %.93.i63.us, label %B62.i64.us, label %_ZN6legato6models12phase_kernel5_pushB3v18B44c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsBAK4JIagIAE5ArrayIdLi1E1C7mutable7alignedE5ArrayIxLi1E1C7mutable7alignedExdx.exit70.us

B62.i64.us:                                       ; preds = %B20.i57.us
  %.163.i65.us = getelementptr double, ptr %.876, i64 %i.2.0.i58.us
  store double %.91.i62.us, ptr %.163.i65.us, align 8
  %.194.i66.us = getelementptr i64, ptr %.1251, i64 %.57.i60.us
  %.195.i67.us = load i64, ptr %.194.i66.us, align 8
  %.225.i68.us = getelementptr i64, ptr %.1251, i64 %i.2.0.i58.us
  store i64 %.195.i67.us, ptr %.225.i68.us, align 8
  %.234.not.i69.us = icmp eq i64 %.57.i60.us, 0
  br i1 %.234.not.i69.us, label %_ZN6legato6models12phase_kernel5_pushB3v18B44c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsBAK4JIagIAE5ArrayIdLi1E1C7mutable7alignedE5ArrayIxLi1E1C7mutable7alignedExdx.exit70.us, label %B20.i57.us

_ZN6legato6models12phase_kernel5_pushB3v18B44c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsBAK4JIagIAE5ArrayIdLi1E1C7mutable7alignedE5ArrayIxLi1E1C7mutable7alignedExdx.exit70.us: ; preds = %B20.i57.us, %B62.i64.us, %B1406.us
  %i.3.1.i50.us = phi i64 [ %.33.i.us, %B1406.us ], [ 0, %B62.i64.us ], [ %i.2.0.i58.us, %B20.i57.us ]
  %.258.i51.us = icmp slt i64 %i.3.1.i50.us, 0
  %.259.i52.us = select i1 %.258.i51.us, i64 %.860, i64 0
  %48 = getelementptr double, ptr %.876, i64 %i.3.1.i50.us
  %.273.i53.us = getelementptr double, ptr %48, i64 %.259.i52.us
  store double %.3394.us, ptr %.273.i53.us, align 8
  %.298.i54.us = select i1 %.258.i51.us, i64 %.1235, i64 0
  %49 = getelementptr i64, ptr %.1251, i64 %i.3.1.i50.us
  %.312.i55.us = getelementptr i64, ptr %49, i64 %.298.i54.us
  store i64 %.3398.us, ptr %.312.i55.us, align 8
  br label %B1584.us

B1584.us:                                         ; preds = %_ZN6legato6models12phase_kernel5_pushB3v18B44c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsBAK4JIagIAE5ArrayIdLi1E1C7mutable7alignedE5ArrayIxLi1E1C7mutable7alignedExdx.exit70.us, %B1384.us, %B1356.us
  %size.10.4.us = phi i64 [ %.33.i.us, %B1384.us ], [ %.33.i.us, %B1356.us ], [ %size.8.2.us, %_ZN6legato6models12phase_kernel5_pushB3v18B44c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsBAK4JIagIAE5ArrayIdLi1E1C7mutable7alignedE5ArrayIxLi1E1C7mutable7alignedExdx.exit70.us ]
  %left.11.4.us = phi i64 [ %left.9.2.us, %B1384.us ], [ %left.9.2.us, %B1356.us ], [ %.3357.us, %_ZN6legato6models12phase_kernel5_pushB3v18B44c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsBAK4JIagIAE5ArrayIdLi1E1C7mutable7alignedE5ArrayIxLi1E1C7mutable7alignedExdx.exit70.us ]
  %.3448.us = icmp sgt i64 %.3092.us, 0
  br i1 %.3448.us, label %B1596.us, label %B1796.us

B1596.us:                                         ; preds = %B1584.us
  %.3457.us = add nsw i64 %.3092.us, -1
  %.3486.us = getelementptr i64, ptr %.1080, i64 %.3457.us
  %.3487.us = load i64, ptr %.3486.us, align 8
  %.3488.not.us = icmp eq i64 %.3487.us, 0
  br i1 %.3488.not.us, label %B1618.us, label %B1796.us

B1618.us:                                         ; preds = %B1596.us
  %.3542.us = getelementptr double, ptr %26, i64 %.3092.us
  %.3543.us = load double, ptr %.3542.us, align 8
  %.3575.us = getelementptr double, ptr %.704, i64 %.3092.us
  %.3576.us = load double, ptr %.3575.us, align 8
  %sunkaddr285 = mul i64 %.3092.us, 8
  %sunkaddr286 = getelementptr i8, ptr %.704, i64 %sunkaddr285
  %sunkaddr287 = getelementptr i8, ptr %sunkaddr286, i64 -8
  %.3608.us = load double, ptr %sunkaddr287, align 8
  %.3609.us = fadd double %.3576.us, %.3608.us
  %.3610.us = fmul double %.3609.us, 5.000000e-01
  %.3611.us = fsub double %.3543.us, %.3610.us
  %sunkaddr288 = mul i64 %.3092.us, 8
  %sunkaddr289 = getelementptr i8, ptr %26, i64 %sunkaddr288
  %sunkaddr290 = getelementptr i8, ptr %sunkaddr289, i64 -8
  store double %.3611.us, ptr %sunkaddr290, align 8
  %sunkaddr291 = mul i64 %.3092.us, 8
  %sunkaddr292 = getelementptr i8, ptr %.1080, i64 %sunkaddr291
  %sunkaddr293 = getelementptr i8, ptr %sunkaddr292, i64 -8
  store i64 1, ptr %sunkaddr293, align 8
  %.3704.us = add nsw i64 %left.11.4.us, -1
  %sunkaddr294 = mul i64 %.3092.us, 8
  %sunkaddr295 = getelementptr i8, ptr %.1494.us, i64 %sunkaddr294
  %sunkaddr296 = getelementptr i8, ptr %sunkaddr295, i64 -8
  %.3741.us = load double, ptr %sunkaddr296, align 8
  %.3747.us = add nsw i64 %.2715.us, -1
  %.48.i71.us = icmp sgt i64 %size.10.4.us, 0
  br i1 %.48.i71.us, label %B20.i79.us.preheader, label %_ZN6legato6models12phase_kernel5_pushB3v18B44c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsBAK4JIagIAE5ArrayIdLi1E1C7mutable7alignedE5ArrayIxLi1E1C7mutable7alignedExdx.exit92.us

B20.i79.us.preheader:                             ; preds = %B1618.us
  br label %B20.i79.us

B20.i79.us:                                       ; preds = %B20.i79.us.preheader, %B62.i86.us
  %i.2.0.i80.us = phi i64 [ %.57.i82.us, %B62.i86.us ], [ %size.10.4.us, %B20.i79.us.preheader ]
  %.56.i81.us = add nsw i64 %i.2.0.i80.us, -1
  %.57.i82.us = lshr i64 %.56.i81.us, 1
  %.90.i83.us = getelementptr double, ptr %.876, i64 %.57.i82.us
  %.91.i84.us = load double, ptr %.90.i83.us, align 8
  %.93.i85.us = fcmp ult double %.91.i84.us, %.3741.us
  br i1 %.93.i85.us, label %B62.i86.us, label %_ZN6legato6models12phase_kernel5_pushB3v18B44c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsBAK4JIagIAE5ArrayIdLi1E1C7mutable7alignedE5ArrayIxLi1E1C7mutable7alignedExdx.exit92.us

B62.i86.us:                                       ; preds = %B20.i79.us
  %.163.i87.us = getelementptr double, ptr %.876, i64 %i.2.0.i80.us
  store double %.91.i84.us, ptr %.163.i87.us, align 8
  %.194.i88.us = getelementptr i64, ptr %.1251, i64 %.57.i82.us
  %.195.i89.us = load i64, ptr %.194.i88.us, align 8
  %.225.i90.us = getelementptr i64, ptr %.1251, i64 %i.2.0.i80.us
  store i64 %.195.i89.us, ptr %.225.i90.us, align 8
  %.234.not.i91.us = icmp eq i64 %.57.i82.us, 0
  br i1 %.234.not.i91.us, label %_ZN6legato6models12phase_kernel5_pushB3v18B44c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsBAK4JIagIAE5ArrayIdLi1E1C7mutable7alignedE5ArrayIxLi1E1C7mutable7alignedExdx.exit92.us, label %B20.i79.us

_ZN6legato6models12phase_kernel5_pushB3v18B44c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsBAK4JIagIAE5ArrayIdLi1E1C7mutable7alignedE5ArrayIxLi1E1C7mutable7alignedExdx.exit92.us: ; preds = %B20.i79.us, %B62.i86.us, %B1618.us
  %i.3.1.i72.us = phi i64 [ %size.10.4.us, %B1618.us ], [ 0, %B62.i86.us ], [ %i.2.0.i80.us, %B20.i79.us ]
  %.258.i73.us = icmp slt i64 %i.3.1.i72.us, 0
  %.259.i74.us = select i1 %.258.i73.us, i64 %.860, i64 0
  %50 = getelementptr double, ptr %.876, i64 %i.3.1.i72.us
  %.273.i75.us = getelementptr double, ptr %50, i64 %.259.i74.us
  store double %.3741.us, ptr %.273.i75.us, align 8
  %.298.i76.us = select i1 %.258.i73.us, i64 %.1235, i64 0
  %51 = getelementptr i64, ptr %.1251, i64 %i.3.1.i72.us
  %.312.i77.us = getelementptr i64, ptr %51, i64 %.298.i76.us
  store i64 %.3747.us, ptr %.312.i77.us, align 8
  %.324.i78.us = add nsw i64 %size.10.4.us, 1
  br label %B1796.us

B1796.us:                                         ; preds = %_ZN6legato6models12phase_kernel5_pushB3v18B44c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsBAK4JIagIAE5ArrayIdLi1E1C7mutable7alignedE5ArrayIxLi1E1C7mutable7alignedExdx.exit92.us, %B1596.us, %B1584.us
  %size.9.4.us = phi i64 [ %size.10.4.us, %B1596.us ], [ %size.10.4.us, %B1584.us ], [ %.324.i78.us, %_ZN6legato6models12phase_kernel5_pushB3v18B44c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsBAK4JIagIAE5ArrayIdLi1E1C7mutable7alignedE5ArrayIxLi1E1C7mutable7alignedExdx.exit92.us ]
  %left.10.4.us = phi i64 [ %left.11.4.us, %B1596.us ], [ %left.11.4.us, %B1584.us ], [ %.3704.us, %_ZN6legato6models12phase_kernel5_pushB3v18B44c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsBAK4JIagIAE5ArrayIdLi1E1C7mutable7alignedE5ArrayIxLi1E1C7mutable7alignedExdx.exit92.us ]
  %.3799.us = icmp sgt i64 %left.10.4.us, 0
  br i1 %.3799.us, label %B1132.us, label %B1842.endif.us.preheader

B1194.us:                                         ; preds = %B1132.endif.us
  %.2782.us = icmp slt i64 %.2715.us, 0
  %.2783.us = select i1 %.2782.us, i64 %.1064, i64 0
  %52 = getelementptr i64, ptr %.1080, i64 %.2715.us
  %.2797.us = getelementptr i64, ptr %52, i64 %.2783.us
  %.2798.us = load i64, ptr %.2797.us, align 8
  %.2799.not.us = icmp eq i64 %.2798.us, 0
  br i1 %.2799.not.us, label %B1210.us, label %B1354.us

B1210.us:                                         ; preds = %B1194.us
  %53 = icmp slt i64 %.2715.us, 0
  %.2816.us = select i1 %53, i64 %arg.width, i64 0
  %54 = getelementptr double, ptr %arg.phase_ptr, i64 %.2715.us
  %.2830.us = getelementptr double, ptr %54, i64 %.2816.us
  %.2831.us = load double, ptr %.2830.us, align 8
  %55 = getelementptr double, ptr %arg.slope_ptr, i64 %.2715.us
  %.2861.us = getelementptr double, ptr %55, i64 %.2816.us
  %.2862.us = load double, ptr %.2861.us, align 8
  %.2878.us = select i1 %53, i64 %.515, i64 0
  %56 = getelementptr double, ptr %.531, i64 %.2715.us
  %.2892.us = getelementptr double, ptr %56, i64 %.2878.us
  %.2893.us = load double, ptr %.2892.us, align 8
  %.2894.us = fadd double %.2862.us, %.2893.us
  %.2895.us = fmul double %.2894.us, 5.000000e-01
  %.2896.us = fadd double %.2831.us, %.2895.us
  %57 = getelementptr double, ptr %26, i64 %.2715.us
  %.2949.us = getelementptr double, ptr %57, i64 %.2816.us
  store double %.2896.us, ptr %.2949.us, align 8
  %sunkaddr297 = mul i64 %.2783.us, 8
  %sunkaddr298 = getelementptr inbounds i8, ptr %52, i64 %sunkaddr297
  store i64 1, ptr %sunkaddr298, align 8
  %.2987.us = add nsw i64 %left.9.2.us, -1
  %58 = getelementptr double, ptr %.1494.us, i64 %.2715.us
  %.3022.us = getelementptr double, ptr %58, i64 %.2816.us
  %.3023.us = load double, ptr %.3022.us, align 8
  %.3026.us = add nsw i64 %.2715.us, %arg.width
  %.48.i27.us = icmp sgt i64 %size.8.2.us, 1
  br i1 %.48.i27.us, label %B20.i35.us.preheader, label %_ZN6legato6models12phase_kernel5_pushB3v18B44c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsBAK4JIagIAE5ArrayIdLi1E1C7mutable7alignedE5ArrayIxLi1E1C7mutable7alignedExdx.exit48.us

B20.i35.us.preheader:                             ; preds = %B1210.us
  br label %B20.i35.us

B20.i35.us:                                       ; preds = %B20.i35.us.preheader, %B62.i42.us
  %i.2.0.i36.us = phi i64 [ %.57.i38.us, %B62.i42.us ], [ %.33.i.us, %B20.i35.us.preheader ]
  %.56.i37.us = add nsw i64 %i.2.0.i36.us, -1
  %.57.i38.us = lshr i64 %.56.i37.us, 1
  %.90.i39.us = getelementptr double, ptr %.876, i64 %.57.i38.us
  %.91.i40.us = load double, ptr %.90.i39.us, align 8
  %.93.i41.us = fcmp ult double %.91.i40.us, %.3023.us
  br i1 %.93.i41.us, label %B62.i42.us, label %_ZN6legato6models12phase_kernel5_pushB3v18B44c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsBAK4JIagIAE5ArrayIdLi1E1C7mutable7alignedE5ArrayIxLi1E1C7mutable7alignedExdx.exit48.us

B62.i42.us:                                       ; preds = %B20.i35.us
  %.163.i43.us = getelementptr double, ptr %.876, i64 %i.2.0.i36.us
  store double %.91.i40.us, ptr %.163.i43.us, align 8
  %.194.i44.us = getelementptr i64, ptr %.1251, i64 %.57.i38.us
  %.195.i45.us = load i64, ptr %.194.i44.us, align 8
  %.225.i46.us = getelementptr i64, ptr %.1251, i64 %i.2.0.i36.us
  store i64 %.195.i45.us, ptr %.225.i46.us, align 8
  %.234.not.i47.us = icmp eq i64 %.57.i38.us, 0
  br i1 %.234.not.i47.us, label %_ZN6legato6models12phase_kernel5_pushB3v18B44c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsBAK4JIagIAE5ArrayIdLi1E1C7mutable7alignedE5ArrayIxLi1E1C7mutable7alignedExdx.exit48.us, label %B20.i35.us

_ZN6legato6models12phase_kernel5_pushB3v18B44c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsBAK4JIagIAE5ArrayIdLi1E1C7mutable7alignedE5ArrayIxLi1E1C7mutable7alignedExdx.exit48.us: ; preds = %B20.i35.us, %B62.i42.us, %B1210.us
  %i.3.1.i28.us = phi i64 [ %.33.i.us, %B1210.us ], [ 0, %B62.i42.us ], [ %i.2.0.i36.us, %B20.i35.us ]
  %.258.i29.us = icmp slt i64 %i.3.1.i28.us, 0
  %.259.i30.us = select i1 %.258.i29.us, i64 %.860, i64 0
  %59 = getelementptr double, ptr %.876, i64 %i.3.1.i28.us
  %.273.i31.us = getelementptr double, ptr %59, i64 %.259.i30.us
  store double %.3023.us, ptr %.273.i31.us, align 8
  %.298.i32.us = select i1 %.258.i29.us, i64 %.1235, i64 0
  %60 = getelementptr i64, ptr %.1251, i64 %i.3.1.i28.us
  %.312.i33.us = getelementptr i64, ptr %60, i64 %.298.i32.us
  store i64 %.3026.us, ptr %.312.i33.us, align 8
  br label %B1354.us

B1354.us:                                         ; preds = %_ZN6legato6models12phase_kernel5_pushB3v18B44c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsBAK4JIagIAE5ArrayIdLi1E1C7mutable7alignedE5ArrayIxLi1E1C7mutable7alignedExdx.exit48.us, %B1194.us
  %size.12.2.us = phi i64 [ %.33.i.us, %B1194.us ], [ %size.8.2.us, %_ZN6legato6models12phase_kernel5_pushB3v18B44c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsBAK4JIagIAE5ArrayIdLi1E1C7mutable7alignedE5ArrayIxLi1E1C7mutable7alignedExdx.exit48.us ]
  %left.8.2.us = phi i64 [ %left.9.2.us, %B1194.us ], [ %.2987.us, %_ZN6legato6models12phase_kernel5_pushB3v18B44c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsBAK4JIagIAE5ArrayIdLi1E1C7mutable7alignedE5ArrayIxLi1E1C7mutable7alignedExdx.exit48.us ]
  %.2679.us = icmp sgt i64 %left.8.2.us, 0
  br i1 %.2679.us, label %B1132.us, label %B1842.endif.us.preheader

B1842.endif.us.preheader:                         ; preds = %B1354.us, %B1796.us, %B1118.preheader.us
  br label %B1842.endif.us

B1842.endif.us:                                   ; preds = %B1842.endif.us.preheader, %B1842.endif.us
  %lsr.iv256 = phi ptr [ %arg.past_ptr, %B1842.endif.us.preheader ], [ %scevgep257, %B1842.endif.us ]
  %lsr.iv254 = phi ptr [ %lsr.iv240, %B1842.endif.us.preheader ], [ %scevgep255, %B1842.endif.us ]
  %.389816121614.us = phi i64 [ %.3905.us, %B1842.endif.us ], [ 0, %B1842.endif.us.preheader ]
  %61 = shl i64 %.389816121614.us, 3
  %scevgep264 = getelementptr i8, ptr %lsr.iv262, i64 %61
  %.3983.us = load double, ptr %scevgep264, align 8
  %.11.i93.us = fdiv double %.3983.us, 0x401921FB54442D18
  %.12.i94.us = fadd double %.11.i93.us, 5.000000e-01
  %.13.i95.us = fptosi double %.12.i94.us to i64
  %.22.i.us = sitofp i64 %.13.i95.us to double
  %.23.i.us = fcmp olt double %.12.i94.us, %.22.i.us
  %.26.i.us = sext i1 %.23.i.us to i64
  %whole.2.0.i.us = add nsw i64 %.26.i.us, %.13.i95.us
  %.35.i.us = sitofp i64 %whole.2.0.i.us to double
  %.36.i.us = fmul double %.35.i.us, 0x401921FB54442D18
  %.40.i.us = fsub double %.3983.us, %.36.i.us
  %.3905.us = add nuw nsw i64 %.389816121614.us, 1
  %62 = shl i64 %.389816121614.us, 3
  %scevgep261 = getelementptr i8, ptr %arg.phase_ptr, i64 %62
  store double %.40.i.us, ptr %scevgep261, align 8
  store double %.40.i.us, ptr %scevgep264, align 8
  %63 = shl i64 %.389816121614.us, 3
  %scevgep260 = getelementptr i8, ptr %.531, i64 %63
  %.4124.us = load double, ptr %scevgep260, align 8
  %64 = shl i64 %.389816121614.us, 3
  %scevgep259 = getelementptr i8, ptr %arg.slope_ptr, i64 %64
  store double %.4124.us, ptr %scevgep259, align 8
  %sunkaddr299 = mul i64 %arg.width, 8
  %sunkaddr300 = getelementptr i8, ptr %lsr.iv256, i64 %sunkaddr299
  %.4208.us = load double, ptr %sunkaddr300, align 8
  store double %.4208.us, ptr %lsr.iv256, align 8
  %.4292.us = load double, ptr %lsr.iv254, align 8
  store double %.4292.us, ptr %sunkaddr300, align 8
  %scevgep255 = getelementptr i8, ptr %lsr.iv254, i64 8
  %scevgep257 = getelementptr i8, ptr %lsr.iv256, i64 8
  %exitcond1876.not.us = icmp eq i64 %arg.width, %.3905.us
  br i1 %exitcond1876.not.us, label %B1990.loopexit.us, label %B1842.endif.us

B1990.loopexit.us:                                ; preds = %B1842.endif.us
  %scevgep232 = getelementptr i8, ptr %lsr.iv, i64 %7
  %scevgep241 = getelementptr i8, ptr %lsr.iv240, i64 %7
  %scevgep263 = getelementptr i8, ptr %lsr.iv262, i64 %7
  %exitcond1877.not.us = icmp eq i64 %.1426.us, %arg.count
  br i1 %exitcond1877.not.us, label %common.ret, label %B478.endif.us

B478.endif.lr.ph.split:                           ; preds = %B478.endif.lr.ph
  %65 = icmp slt i64 %.1602, 1
  br i1 %65, label %B478.endif.us195.preheader, label %B478.endif.preheader

B478.endif.preheader:                             ; preds = %B478.endif.lr.ph.split
  br label %B478.endif

B478.endif.us195.preheader:                       ; preds = %B478.endif.lr.ph.split
  br label %B478.endif.us195

B478.endif.us195:                                 ; preds = %B478.endif.us195.preheader, %B478.endif.us195
  %lsr.iv265 = phi i64 [ %arg.count, %B478.endif.us195.preheader ], [ %lsr.iv.next266, %B478.endif.us195 ]
  %lsr.iv.next266 = add i64 %lsr.iv265, -1
  %exitcond1877.not.us202 = icmp eq i64 %lsr.iv.next266, 0
  br i1 %exitcond1877.not.us202, label %common.ret, label %B478.endif.us195

B0.endif.endif.endif.endi...endif.4.endif.else.if: ; preds = %B0.endif.endif.endif.endi...endif.4.endif.else
  br label %B0.endif.endif.endif.endi...endif.4.endif.else.endif

B0.endif.endif.endif.endi...endif.4.endif.else.endif: ; preds = %B0.endif.endif.endif.endi...endif.4.endif.else.if, %B0.endif.endif.endif.endi...endif.4.endif.else
  %.1138.sroa.0.1 = phi i64 [ 0, %B0.endif.endif.endif.endi...endif.4.endif.else.if ], [ %.996, %B0.endif.endif.endif.endi...endif.4.endif.else ]
  %66 = icmp slt i64 %.996, %.346
  br i1 %66, label %B0.endif.endif.endif.endi...endif.4.endif.endif, label %B0.endif.endif.endif.endi...if.7

B0.endif.endif.endif.endi...if.7:                 ; preds = %B0.endif.endif.endif.endi...endif.4.endif.else.endif
  br label %B0.endif.endif.endif.endi...endif.4.endif.endif

B478.endif:                                       ; preds = %B478.endif.preheader, %B478.endif
  %lsr.iv267 = phi i64 [ %arg.count, %B478.endif.preheader ], [ %lsr.iv.next268, %B478.endif ]
  %lsr.iv.next268 = add i64 %lsr.iv267, -1
  %exitcond1877.not = icmp eq i64 %lsr.iv.next268, 0
  br i1 %exitcond1877.not, label %common.ret, label %B478.endif
}
