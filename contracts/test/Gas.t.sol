// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AutoDaoFactory} from "../src/dao/AutoDaoFactory.sol";
import {Transform} from "../src/dao/Rules.sol";
import {Shipped} from "./Shipped.sol";
import {World} from "./World.sol";

/// What a batch of first ballots may cost a ballot: measured. Lower the numbers when they can be lowered;
/// `npm run bench -- gas` has the whole transactions.
contract GasTest is World, Shipped {
    uint256 private constant DAO_BATCH = 20_132;
    uint256 private constant BAD_BALLOT = 7881;
    /// A whole transaction, with a new token and one holder; then with a square root and AI features; then a club of one.
    uint256 private constant NEW_DAO = 782_000;
    uint256 private constant NEW_RULED_DAO = 911_361;
    uint256 private constant NEW_CLUB = 782_000;
    uint256 private constant RULED_BATCH = 25_214;

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
        expectCost((before - gasleft()) / count, DAO_BATCH, "gas a ballot", "AutoDao");
    }

    function test_a_batch_of_wrong_signatures_costs_no_more_than_it_did() public {
        (bytes memory ballots, uint256 count) = batch(proposal, daoDomain(), 900);
        uint256 before = gasleft();
        dao.castBallots(proposal, ballots);
        expectCost((before - gasleft()) / count, BAD_BALLOT, "gas a ballot", "AutoDao");
    }

    function test_a_new_dao_costs_no_more_than_it_did() public {
        AutoDaoFactory.DaoParams memory p = small();
        expectCost(costOf(p), NEW_DAO, "with a token", "AutoDaoFactory");
        p.rules.transform = Transform.SquareRoot;
        (p.promptHash, p.aiFeatures, p.salt) = (keccak256("prompts"), "summary, translation", "ruled");
        expectCost(costOf(p), NEW_RULED_DAO, "with rules", "AutoDaoFactory");
        p = small();
        (p.holders, p.amounts) = (new address[](0), new uint256[](0));
        (p.founders, p.salt) = (list(1, 1), "club");
        expectCost(costOf(p), NEW_CLUB, "a club", "AutoDaoFactory");
    }

    function test_a_batch_under_rules_costs_no_more_than_it_did() public {
        AutoDaoFactory.DaoParams memory p = params(false);
        (p.rules.transform, p.salt) = (Transform.SquareRoot, "ruled");
        makeDao(p);
        dao.enrol(list(1, VOTERS));
        proposal = openProposal();
        (bytes memory ballots, uint256 count) = batch(proposal, daoDomain(), 0);
        uint256 before = gasleft();
        dao.castBallots(proposal, ballots);
        expectCost((before - gasleft()) / count, RULED_BATCH, "gas a ballot", "AutoDao");
    }

    function small() private view returns (AutoDaoFactory.DaoParams memory p) {
        p = params(false);
        (p.holders, p.amounts) = (new address[](1), new uint256[](1));
        (p.holders[0], p.amounts[0]) = (accountOf(1), 1000e18);
        p.salt = "small";
    }

    /// What the transaction costs, its data and its base included.
    function costOf(AutoDaoFactory.DaoParams memory p) private returns (uint256 gas) {
        bytes memory data = abi.encodeCall(AutoDaoFactory.create, (p));
        gas = 21_000;
        for (uint256 i; i < data.length; ++i) gas += data[i] == 0 ? 4 : 16;
        uint256 before = gasleft();
        (bool ok, ) = address(factory).call(data);
        gas += before - gasleft();
        vm.assertTrue(ok, "made");
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
