// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAutoIds} from "../interfaces/IAutoIds.sol";
import {Batch} from "./Batch.sol";

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

    function _isLive(Batch memory b, uint256 autoId) internal view returns (bool) {
        uint256[32] memory live = b.live;
        uint256 isClean;
        assembly ("memory-safe") {
            // A pair (number of the word plus 1, word) by the last four bits of that number. Id 0 is nobody's.
            let at := add(live, and(shr(2, autoId), 0x3c0))
            let isDirty := and(shr(and(autoId, 0xff), mload(add(at, 0x20))), 1)
            isClean := and(eq(mload(at), add(shr(8, autoId), 1)), and(iszero(isDirty), gt(autoId, 0)))
        }
        return isClean != 0 || _isStillLive(b, autoId);
    }

    function _isStillLive(Batch memory b, uint256 autoId) private view returns (bool) {
        if (autoId == 0) return false;
        uint256 place = ((autoId >> 8) & 15) << 1;
        b.live[place] = (autoId >> 8) + 1;
        b.live[place + 1] = AUTO_IDS.changed(autoId >> 8);
        bool isDirty = (b.live[place + 1] >> (autoId & 0xff)) & 1 != 0;
        return !isDirty || AUTO_IDS.isController(autoId, b.account);
    }
}
