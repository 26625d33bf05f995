// Package sepa writes and reads back the file by which a cooperative orders its bank to pay: SEPA credit transfers in euros,
// wages first, then suppliers and refunds. It is the message « CustomerCreditTransferInitiationV09 » of ISO 20022,
// pain.001.001.09, within what the European Payments Council allows between a customer and a bank (EPC132-08, SEPA credit
// transfer scheme, customer-to-PSP implementation guidelines).
//
// # What is written
//
//	Document/CstmrCdtTrfInitn
//	  GrpHdr        MsgId, CreDtTm, NbOfTxs, CtrlSum, InitgPty/Nm
//	  PmtInf …      PmtInfId, PmtMtd TRF, BtchBookg, NbOfTxs, CtrlSum, PmtTpInf (SvcLvl SEPA; CtgyPurp SALA for wages),
//	                ReqdExctnDt/Dt, Dbtr/Nm, DbtrAcct IBAN, DbtrAgt BICFI or NOTPROVIDED, ChrgBr SLEV
//	    CdtTrfTxInf … PmtId/EndToEndId, InstdAmt in EUR, CdtrAgt BICFI if known, Cdtr/Nm, CdtrAcct IBAN, RmtInf/Ustrd
//
// Nothing else, on purpose. No postal address: a SEPA transfer needs none, and from November 2026 an address in free lines is
// refused. No BIC where it is not known: banks find it from the IBAN (Regulation (EU) 260/2012 art. 5(7)).
//
// The name of who is paid is the name of the holder as their bank knows it: since 9 October 2025 the bank of the payer has it
// compared with the IBAN before it pays (Regulation (EU) 2024/886, verification of payee). So a name too long is refused
// rather than cut.
//
// # Letters
//
// Banks need take no more than the letters of English, digits, the space and / - ? : ( ) . , ' + (EPC132-08). Names
// and texts are brought to these, see [Latin]; the references, which come back on the statement and must be found again,
// are taken as they are or refused.
//
// # What it was checked against
//
// testdata/pain.001.001.09.xsd is the schema of the standard, as published; the tests hold every file written, the golden
// one and those made at random, against it with xmllint.
package sepa
