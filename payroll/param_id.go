package payroll

// The parameters that the formulas ask by name; those of contribution lines are asked by data/lines.json.
const (
	pSmicHour param = iota
	pCeilingMonth
	pCeilingYear
	pSicknessEmp
	pSicknessLowEmp
	pSicknessLowSmic
	pSicknessAlsaceWrk
	pFamilyEmp
	pFamilyLowEmp
	pFamilyLowSmic
	pOldAgeCappedEmp
	pOldAgeCappedWrk
	pOldAgeFullEmp
	pOldAgeFullWrk
	pUnemploymentEmp
	pAgsEmp
	pUnemploymentCeilings
	pPensionT1Emp
	pPensionT1Wrk
	pPensionT2Emp
	pPensionT2Wrk
	pCegT1Emp
	pCegT1Wrk
	pCegT2Emp
	pCegT2Wrk
	pCetEmp
	pCetWrk
	pPensionCeilings
	pApecEmp
	pApecWrk
	pFnalSmallEmp
	pFnalLargeEmp
	pAutonomyEmp
	pSocialDialogueEmp
	pTrainingSmallEmp
	pTrainingEmp
	pTrainingFixedTermEmp
	pApprenticeshipEmp
	pApprenticeshipAlsaceEmp
	pApprenticeshipRestEmp
	pApprenticesShort1Emp
	pApprenticesShort1Below
	pApprenticesShort2Emp
	pApprenticesShort2Below
	pApprenticesShort3Emp
	pApprenticesShort3Below
	pApprenticesShort4Emp
	pApprenticesShort4Below
	pApprenticesShort1HugeEmp
	pHousingEmp
	pSocialPackageEmp
	pExecutiveCoverEmp
	pCsgDeductibleWrk
	pCsgOtherWrk
	pCrdsWrk
	pCsgShare
	pCsgCeilings
	pCoverFreeCeiling
	pCoverFreePay
	pCoverFreeMost
	pStaffTraining
	pStaffMobility
	pStaffSocialPackage
	pStaffFnal
	pStaffHousing
	pStaffApprentices
	pStaffApprenticesHuge
	pRgduMin
	pRgduDeltaSmall
	pRgduDeltaLarge
	pRgduPower
	pRgduSmic
	pRgduSlope
	pRgcpSmall
	pRgcpLarge
	pRgcpSmic
	pRgcpSlope
	pReductionAccident
	pReductionPension
	pReductionFundNum
	pReductionFundDen
	pWeekHours
	pYearWeeks
	pTaxShortAbatement
	pCapeUnpaidHour
	pCapeUnpaidMonthHours
	pCapeUnemployment
	pCeilingShared
	pCsgUntaxedWrk
	pAwayBasis
	pIjssCsgDeductible
	pIjssCsgOther
	pIjssCrds
	pIjssShare
	pIjssDays
	pIjssSmic
	pIjssWait
	pLeaveMonth
	pLeaveSickMonth
	pLeaveMost
	pLeaveSickMost
	pLeaveWeeks
	pLeaveTenth
	pSeizureT1
	pSeizureT2
	pSeizureT3
	pSeizureT4
	pSeizureT5
	pSeizureT6
	pSeizureDependant
	pSeizureKept
	pRecoveryMost
	pTransportDue
	pTransportFree
	pVoucherFree
	pVoucherLeast
	pVoucherMost
	pWageTaxT1
	pWageTaxT2
	pWageTaxRate1
	pWageTaxRate2
	pWageTaxRate3
	pSettlementMonths
	pSettlementLow
	pSettlementYears
	pSettlementHighNum
	pSettlementHighDen
	pSettlementFree
	pSettlementNone
	pSettlementTaxfree
	pRuptureEmp
	pRuptureMonths
	pRuptureRetract
	pRuptureApprove
	pPrecarity
	pProfitPay
	pProfitEach
	pProfitCsg
	pProfitCrds
	pProfitPackage
	pStaffProfit
	pSeizureShare1
	pSeizureShare2
	pSeizureShare3
	pSeizureShare4
	pSeizureShare5
	pSeizureShare6
	pSeizureShare7
	pLeaveMonthDays
	pWageTaxFrom
	pPensionQuarterHours
	pPensionQuarterMost

	nParams = iota
)

var paramIDs = [nParams]string{
	pSmicHour:                 "smic.hour",
	pCeilingMonth:             "ceiling.month",
	pCeilingYear:              "ceiling.year",
	pSicknessEmp:              "sickness.emp",
	pSicknessLowEmp:           "sickness.low.emp",
	pSicknessLowSmic:          "sickness.low.smic",
	pSicknessAlsaceWrk:        "sickness.alsace.wrk",
	pFamilyEmp:                "family.emp",
	pFamilyLowEmp:             "family.low.emp",
	pFamilyLowSmic:            "family.low.smic",
	pOldAgeCappedEmp:          "old_age.capped.emp",
	pOldAgeCappedWrk:          "old_age.capped.wrk",
	pOldAgeFullEmp:            "old_age.full.emp",
	pOldAgeFullWrk:            "old_age.full.wrk",
	pUnemploymentEmp:          "unemployment.emp",
	pAgsEmp:                   "ags.emp",
	pUnemploymentCeilings:     "unemployment.ceilings",
	pPensionT1Emp:             "pension.t1.emp",
	pPensionT1Wrk:             "pension.t1.wrk",
	pPensionT2Emp:             "pension.t2.emp",
	pPensionT2Wrk:             "pension.t2.wrk",
	pCegT1Emp:                 "ceg.t1.emp",
	pCegT1Wrk:                 "ceg.t1.wrk",
	pCegT2Emp:                 "ceg.t2.emp",
	pCegT2Wrk:                 "ceg.t2.wrk",
	pCetEmp:                   "cet.emp",
	pCetWrk:                   "cet.wrk",
	pPensionCeilings:          "pension.ceilings",
	pApecEmp:                  "apec.emp",
	pApecWrk:                  "apec.wrk",
	pFnalSmallEmp:             "fnal.small.emp",
	pFnalLargeEmp:             "fnal.large.emp",
	pAutonomyEmp:              "autonomy.emp",
	pSocialDialogueEmp:        "social_dialogue.emp",
	pTrainingSmallEmp:         "training.small.emp",
	pTrainingEmp:              "training.emp",
	pTrainingFixedTermEmp:     "training.fixed_term.emp",
	pApprenticeshipEmp:        "apprenticeship.emp",
	pApprenticeshipAlsaceEmp:  "apprenticeship.alsace.emp",
	pApprenticeshipRestEmp:    "apprenticeship.rest.emp",
	pApprenticesShort1Emp:     "apprentices.short1.emp",
	pApprenticesShort1Below:   "apprentices.short1.below",
	pApprenticesShort2Emp:     "apprentices.short2.emp",
	pApprenticesShort2Below:   "apprentices.short2.below",
	pApprenticesShort3Emp:     "apprentices.short3.emp",
	pApprenticesShort3Below:   "apprentices.short3.below",
	pApprenticesShort4Emp:     "apprentices.short4.emp",
	pApprenticesShort4Below:   "apprentices.short4.below",
	pApprenticesShort1HugeEmp: "apprentices.short1.huge.emp",
	pHousingEmp:               "housing.emp",
	pSocialPackageEmp:         "social_package.emp",
	pExecutiveCoverEmp:        "executive_cover.emp",
	pCsgDeductibleWrk:         "csg.deductible.wrk",
	pCsgOtherWrk:              "csg.other.wrk",
	pCrdsWrk:                  "crds.wrk",
	pCsgShare:                 "csg.share",
	pCsgCeilings:              "csg.ceilings",
	pCoverFreeCeiling:         "cover.free.ceiling",
	pCoverFreePay:             "cover.free.pay",
	pCoverFreeMost:            "cover.free.most",
	pStaffTraining:            "staff.training",
	pStaffMobility:            "staff.mobility",
	pStaffSocialPackage:       "staff.social_package",
	pStaffFnal:                "staff.fnal",
	pStaffHousing:             "staff.housing",
	pStaffApprentices:         "staff.apprentices",
	pStaffApprenticesHuge:     "staff.apprentices_huge",
	pRgduMin:                  "rgdu.min",
	pRgduDeltaSmall:           "rgdu.delta.small",
	pRgduDeltaLarge:           "rgdu.delta.large",
	pRgduPower:                "rgdu.power",
	pRgduSmic:                 "rgdu.smic",
	pRgduSlope:                "rgdu.slope",
	pRgcpSmall:                "rgcp.small",
	pRgcpLarge:                "rgcp.large",
	pRgcpSmic:                 "rgcp.smic",
	pRgcpSlope:                "rgcp.slope",
	pReductionAccident:        "reduction.accident",
	pReductionPension:         "reduction.pension",
	pReductionFundNum:         "reduction.fund.num",
	pReductionFundDen:         "reduction.fund.den",
	pWeekHours:                "week.hours",
	pYearWeeks:                "year.weeks",
	pTaxShortAbatement:        "tax.short.abatement",
	pCapeUnpaidHour:           "cape.unpaid.hour",
	pCapeUnpaidMonthHours:     "cape.unpaid.month_hours",
	pCapeUnemployment:         "cape.unemployment",
	pCeilingShared:            "ceiling.shared",
	pCsgUntaxedWrk:            "csg.untaxed.wrk",
	pAwayBasis:                "away.basis",
	pIjssCsgDeductible:        "ijss.csg.deductible",
	pIjssCsgOther:             "ijss.csg.other",
	pIjssCrds:                 "ijss.crds",
	pIjssShare:                "ijss.share",
	pIjssDays:                 "ijss.days",
	pIjssSmic:                 "ijss.smic",
	pIjssWait:                 "ijss.wait",
	pLeaveMonth:               "leave.month",
	pLeaveSickMonth:           "leave.sick.month",
	pLeaveMost:                "leave.most",
	pLeaveSickMost:            "leave.sick.most",
	pLeaveWeeks:               "leave.weeks",
	pLeaveTenth:               "leave.tenth",
	pSeizureT1:                "seizure.t1",
	pSeizureT2:                "seizure.t2",
	pSeizureT3:                "seizure.t3",
	pSeizureT4:                "seizure.t4",
	pSeizureT5:                "seizure.t5",
	pSeizureT6:                "seizure.t6",
	pSeizureDependant:         "seizure.dependant",
	pSeizureKept:              "seizure.kept",
	pRecoveryMost:             "recovery.most",
	pTransportDue:             "transport.due",
	pTransportFree:            "transport.free",
	pVoucherFree:              "voucher.free",
	pVoucherLeast:             "voucher.least",
	pVoucherMost:              "voucher.most",
	pWageTaxT1:                "wage_tax.t1",
	pWageTaxT2:                "wage_tax.t2",
	pWageTaxRate1:             "wage_tax.rate1",
	pWageTaxRate2:             "wage_tax.rate2",
	pWageTaxRate3:             "wage_tax.rate3",
	pSettlementMonths:         "settlement.months",
	pSettlementLow:            "settlement.low",
	pSettlementYears:          "settlement.years",
	pSettlementHighNum:        "settlement.high.num",
	pSettlementHighDen:        "settlement.high.den",
	pSettlementFree:           "settlement.free",
	pSettlementNone:           "settlement.none",
	pSettlementTaxfree:        "settlement.taxfree",
	pRuptureEmp:               "rupture.emp",
	pRuptureMonths:            "rupture.months",
	pRuptureRetract:           "rupture.retract",
	pRuptureApprove:           "rupture.approve",
	pPrecarity:                "precarity",
	pProfitPay:                "profit.pay",
	pProfitEach:               "profit.each",
	pProfitCsg:                "profit.csg",
	pProfitCrds:               "profit.crds",
	pProfitPackage:            "profit.package",
	pStaffProfit:              "staff.profit",
	pSeizureShare1:            "seizure.share1",
	pSeizureShare2:            "seizure.share2",
	pSeizureShare3:            "seizure.share3",
	pSeizureShare4:            "seizure.share4",
	pSeizureShare5:            "seizure.share5",
	pSeizureShare6:            "seizure.share6",
	pSeizureShare7:            "seizure.share7",
	pLeaveMonthDays:           "leave.month.days",
	pWageTaxFrom:              "wage_tax.from",
	pPensionQuarterHours:      "pension_quarter.hours",
	pPensionQuarterMost:       "pension_quarter.most",
}
