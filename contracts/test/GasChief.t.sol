// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ChiefWorld} from "./ChiefWorld.sol";
import {Shipped} from "./Shipped.sol";

/// What a batch of approvals may cost an approval: measured; `npm run bench -- gas` has the whole
/// transactions.
contract GasChiefTest is ChiefWorld, Shipped {
    uint256 private constant FIRST = 9660;
    uint256 private constant CHANGED = 6749;
    uint256 private constant BAD = 7388;

    uint256 private count;

    function setUp() public {
        makeChief();
        for (uint256 voter; voter < VOTERS; ++voter) {
            if (stakeOf(voter) != 0) lock(voter, stakeOf(voter));
        }
    }

    function test_a_batch_of_first_approvals_costs_no_more_than_it_did() public {
        spend(batch(1, spell(1), 0), FIRST);
    }

    function test_a_batch_of_changed_minds_costs_no_more_than_it_did() public {
        bytes memory first = batch(1, spell(1), 0);
        chief.castApprovals(first);
        spend(batch(2, spell(2), 0), CHANGED);
    }

    function test_a_batch_of_wrong_signatures_costs_no_more_than_it_did() public {
        spend(batch(1, spell(1), 900), BAD);
    }

    function spend(bytes memory approvals, uint256 most) private {
        uint256 before = gasleft();
        chief.castApprovals(approvals);
        expectCost((before - gasleft()) / count, most, "gas an approval", "Chief");
    }

    function batch(uint256 sequence, address who, uint256 signer) private returns (bytes memory all) {
        uint32 slate = chief.etch(spells_(who));
        count = 0;
        for (uint256 voter; voter < VOTERS; ++voter) {
            uint256 seat = chief.seatOf(accountOf(voter));
            if (seat == 0) continue;
            bytes32 digest = approvalDigest(chiefDomain(), seat, sequence, spells_(who));
            all = bytes.concat(all, packed(seat, sequence, slate, keyOf(signer == 0 ? voter : signer), digest));
            ++count;
        }
    }
}
