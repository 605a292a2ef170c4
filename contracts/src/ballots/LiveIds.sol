// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAutoIds} from "../interfaces/IAutoIds.sol";
import {Batch, BATCH_AUTO_ID, BATCH_LIVE} from "./Batch.sol";

/// Whether the account in a seat still speaks for its Auto ID. An id that never changed costs one bit of a word that is
/// read once a batch; the others are asked for one by one. Sixteen words are kept at a time: enough for the ids of a
/// batch, which are near each other or few.
abstract contract LiveIds {
    IAutoIds internal immutable AUTO_IDS;

    error NotAutoIds();

    constructor(address registry) {
        if (registry.code.length == 0) revert NotAutoIds();
        AUTO_IDS = IAutoIds(registry);
    }

    function autoIds() public view returns (address) {
        return address(AUTO_IDS);
    }

    /// For the account and Auto ID at hand.
    function _isLive(Batch memory b) internal view returns (bool) {
        uint256 at;
        uint256 isKnown;
        uint256 isClean;
        assembly ("memory-safe") {
            // A pair (number of the word plus 1, word) by the last four bits of that number. Id 0 is nobody's.
            let autoId := mload(add(b, BATCH_AUTO_ID))
            at := add(mload(add(b, BATCH_LIVE)), and(shr(2, autoId), 0x3c0))
            isKnown := eq(mload(at), add(shr(8, autoId), 1))
            let isDirty := and(shr(and(autoId, 0xff), mload(add(at, 0x20))), 1)
            isClean := and(isKnown, gt(autoId, mul(isDirty, autoId)))
        }
        if (isClean != 0) return true;
        if (b.autoId == 0) return false;
        if (isKnown == 0 && _keep(at, b.autoId)) return true;
        return AUTO_IDS.isController(b.autoId, b.account);
    }

    /// Keeps the word of the id in the batch; returns whether the id is clean.
    function _keep(uint256 at, uint256 autoId) private view returns (bool) {
        uint256 word = AUTO_IDS.changed(autoId >> 8);
        assembly ("memory-safe") {
            mstore(at, add(shr(8, autoId), 1))
            mstore(add(at, 0x20), word)
        }
        return (word >> (autoId & 0xff)) & 1 == 0;
    }
}
