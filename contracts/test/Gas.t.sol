// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {World} from "./World.sol";

/// What a batch of first ballots may cost a ballot: measured, plus two in a hundred. Lower the numbers when they can be lowered;
/// `npm run bench -- gas` has the whole transactions.
contract GasTest is World {
    uint256 private constant DAO_BATCH = 20_133;
    uint256 private constant BAD_BALLOT = 7881;

    uint256 private proposal;

    function setUp() public {
        layGround();
        makeDao(false);
        dao.enrol(list(1, VOTERS));
        proposal = openProposal();
    }

    function test_a_batch_in_a_dao_costs_no_more_than_it_did() public {
        (bytes memory ballots, uint256 count) = batch(proposal, daoDomain(), 0);
        uint256 before = gasleft();
        dao.castBallots(proposal, ballots);
        vm.assertLe((before - gasleft()) / count, (DAO_BATCH * 102) / 100, "gas a ballot");
    }

    function test_a_batch_of_wrong_signatures_costs_no_more_than_it_did() public {
        (bytes memory ballots, uint256 count) = batch(proposal, daoDomain(), 900);
        uint256 before = gasleft();
        dao.castBallots(proposal, ballots);
        vm.assertLe((before - gasleft()) / count, (BAD_BALLOT * 102) / 100, "gas a ballot");
    }

    function batch(uint256 id, bytes32 domain, uint256 signer) private view returns (bytes memory all, uint256 count) {
        for (uint256 voter; voter < VOTERS; ++voter) {
            if (stakeOf(voter) == 0) continue;
            uint256 key = keyOf(signer == 0 ? voter : signer);
            all = bytes.concat(all, record(domain, paper(id, voter + 1, 1, 1 + (voter % 3)), key));
            ++count;
        }
    }
}
